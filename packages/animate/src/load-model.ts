import { type Backend, BunrakuError, type LoadOptions } from "@bunraku/backends";
import type { Size } from "@bunraku/warp";
import type { Location } from "./bundle/fetch-bytes.ts";
import type { Variant } from "./bundle/manifest.ts";
import type { ModelBundle } from "./bundle/model-bundle.ts";
import { openBundle } from "./bundle/open-bundle.ts";
import { computesOnProcessor } from "./models/computes-on-processor.ts";
import { type CreateModelOptions, createModel } from "./models/create-model.ts";
import { loadArchitecture } from "./models/load-architecture.ts";
import type { Model } from "./models/model.ts";

/** How a model is loaded. */
export interface LoadModelOptions extends LoadOptions {
  /** Makes the output `deformed` available to `render`. @default false */
  readonly withDeformed?: boolean;
  /** Run at another frame size than the model was trained on; quality is then not what it was. */
  readonly size?: Size;
  /** Overrides how the model samples. @default what the bundle says */
  readonly alignCorners?: boolean;
  /**
   * Has the backend prove itself before it is trusted: the first time it loads a model of a family, it computes small
   * ones, and they are compared with stored numbers; the checks are in its report. A backend without a report proves
   * nothing, and is not asked to. @default true
   */
  readonly prove?: boolean;
  /**
   * Another form of the weights. "int8" computes in 8-bit integers on ort-node and ort-web, and as ever elsewhere; "fp16"
   * is a smaller file. @default what the bundle was opened with, else the weights that it was made with
   */
  readonly variant?: Variant;
  /** As for `createModel`: convolutions in the forms that are the fastest on the backend. @default true */
  readonly plan?: CreateModelOptions["plan"];
}

/**
 * Loads a model onto a backend.
 *
 * @param bundle an opened bundle, or the folder (path or URL) of one
 * @returns The model, owned by the caller; the backend is borrowed and must outlive it
 * @throws `FILE`, `MODEL`, `signal.reason`; `BACKEND_UNAVAILABLE` when the backend gives wrong numbers
 * @example
 * await using backend = await ortNode();
 * await using model = await loadModel(backend, heads);
 */
export async function loadModel(
  backend: Backend,
  bundle: ModelBundle | Location,
  options: LoadModelOptions = {},
): Promise<Model> {
  const { size, alignCorners, withDeformed = false, prove = true, variant, plan, ...load } = options;
  const opened =
    typeof bundle === "string" || bundle instanceof URL
      ? await openBundle(bundle, { ...load, ...(variant && { variant }) })
      : bundle;
  if (variant !== undefined && opened.variant !== variant)
    throw new BunrakuError(
      "OPTION",
      `loadModel: the bundle was opened as ${opened.variant ?? "it was made"}, not as ${variant}. Name the variant for openBundle.`,
    );
  const { manifest } = opened;
  const architecture = await loadArchitecture(manifest.family, manifest.modelParams);
  // Imported when it is asked for: applications that do without it do not fetch it.
  const proof =
    prove && backend.report
      ? import("./proof/proof-once.ts").then(({ expectProof }) => expectProof(backend, manifest.family, load))
      : undefined;
  // Backends compute on threads or devices of their own, and weights are read meanwhile.
  const [weights] = await Promise.all([opened.loadWeights(load.signal ? { signal: load.signal } : {}), proof]);
  const { quantization } = opened;
  // As the proof is: applications that compute in floats do without it.
  const rewrite =
    quantization && computesOnProcessor(backend)
      ? (await import("./quantize/quantization.ts")).quantizing(quantization)
      : undefined;
  const [height, width] = manifest.frameSize;
  return createModel(backend, architecture, weights, {
    ...load,
    withDeformed,
    size: size ?? { height, width },
    alignCorners: alignCorners ?? manifest.alignCorners,
    ...(manifest.transfer && { transfer: manifest.transfer }),
    ...(plan !== undefined && { plan }),
    ...(rewrite && { rewrite }),
  });
}
