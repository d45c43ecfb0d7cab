import {
  type Backend,
  BunrakuError,
  type LoadOptions,
  type RunOptions,
  type Session,
  type Tensor,
  tensor,
  type Weights,
  zeros,
} from "@bunraku/backends";
import { encodeModel } from "@bunraku/backends/onnx";
import { createFommDetector, type KeypointDetector, type Keypoints } from "@bunraku/keypoints";
import { type DialedMotion, dialMotion, transferMotion } from "@bunraku/motion";
import type { Image, Size } from "@bunraku/warp";
import type { EncodedSource, Model, RenderedFrame, RenderOptions } from "../model.ts";
import { expectFommSize, type FommConfig } from "./fomm-config.ts";
import { fommFrameGraph, fommSourceGraph } from "./fomm-graphs.ts";

/** How a first-order model is loaded. */
export interface FommModelOptions extends LoadOptions {
  readonly size: Size;
  readonly alignCorners: boolean;
  /** Also makes `deformed` available, which needs the source at every frame. @default false */
  readonly withDeformed?: boolean;
}

/**
 * Loads a first-order model onto a backend: three sessions, for the detector, the source and the frame.
 *
 * @param weights modules `generator` and `kp_detector`; borrowed during the call
 * @throws `MODEL`, `signal.reason`
 */
export async function createFommModel(
  backend: Backend,
  config: FommConfig,
  weights: { readonly generator: Weights; readonly kp_detector: Weights },
  { size, alignCorners, withDeformed = false, signal, onProgress }: FommModelOptions,
): Promise<Model> {
  expectFommSize(config, size);
  const load: LoadOptions = signal ? { signal } : {};
  const made: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(part: T): T => {
    made.push(part);
    onProgress?.({ phase: "compile", loaded: made.length, total: 3 });
    return part;
  };
  try {
    const detector = keep(await createFommDetector(backend, config.detector, weights.kp_detector, size, load));
    const source = keep(await backend.load(encodeModel(fommSourceGraph(config, weights.generator, size)), load));
    const withSpline = config.detector.numKeypoints <= mostSplinePoints;
    const graph = fommFrameGraph(config, weights.generator, size, { alignCorners, withDeformed, withSpline });
    const frame = keep(await backend.load(encodeModel(graph), load));
    return new FommModel({ detector, source, frame }, config, size, alignCorners);
  } catch (error) {
    for (const part of made) await part[Symbol.asyncDispose]();
    throw error;
  }
}

/** A spline has a weight per pair of keypoints and is solved anew for each frame: half a megabyte, and milliseconds. */
const mostSplinePoints = 256;

class FommSource implements EncodedSource {
  readonly image: Image;
  readonly keypoints: Keypoints;
  readonly features: Tensor;
  readonly small: Tensor | undefined;
  /** Features fit the model that made them, and no other. */
  readonly model: Model;

  constructor(model: Model, image: Image, keypoints: Keypoints, features: Tensor, small: Tensor | undefined) {
    this.model = model;
    this.image = image;
    this.keypoints = keypoints;
    this.features = features;
    this.small = small;
  }

  [Symbol.dispose](): void {
    for (const part of [this.features, this.small, this.keypoints.points, this.keypoints.jacobians])
      part?.[Symbol.dispose]();
  }
}

class FommModel implements Model {
  readonly family = "fomm";
  readonly size: Size;
  readonly alignCorners: boolean;
  readonly hasMotion: boolean;
  #parts: { detector: KeypointDetector; source: Session; frame: Session };

  constructor(
    parts: { detector: KeypointDetector; source: Session; frame: Session },
    config: FommConfig,
    size: Size,
    alignCorners: boolean,
  ) {
    this.#parts = parts;
    this.size = size;
    this.alignCorners = alignCorners;
    this.hasMotion = config.denseMotion !== undefined;
  }

  detect(image: Image, options?: Pick<RunOptions, "signal">): Promise<Keypoints> {
    return this.#parts.detector.detect(image, options);
  }

  async encode(image: Image, { signal }: Pick<RunOptions, "signal"> = {}): Promise<EncodedSource> {
    const keypoints = await this.detect(image, signal ? { signal } : {});
    const { features, small } = await this.#parts.source.run(
      { image },
      { keep: ["features", "small"], ...(signal && { signal }) },
    );
    return new FommSource(this, image, keypoints, features!, small);
  }

  async render(
    source: EncodedSource,
    driving: Keypoints,
    initial: Keypoints,
    options: RenderOptions = {},
  ): Promise<RenderedFrame> {
    if (!(source instanceof FommSource) || source.model !== this)
      throw new BunrakuError("OPTION", "render: the source must come from this model's encode().");
    const { outputs = ["prediction"], signal, ...movement } = options;
    if (
      outputs.includes("deformed") &&
      this.hasMotion &&
      !this.#parts.frame.outputs.some(({ name }) => name === "deformed")
    ) {
      throw new BunrakuError("OPTION", 'render: "deformed" must be asked for when the model is loaded: withDeformed.');
    }
    const { frame } = this.#parts;
    const transferred = transferMotion(source.keypoints, driving, initial, movement);
    const motion = dialMotion(source.keypoints, transferred, movement);
    if (motion.spline && this.hasMotion && !frame.inputs.some(({ name }) => name === "spline")) {
      throw new BunrakuError(
        "UNSUPPORTED",
        `order: this model has more than ${mostSplinePoints} keypoints, too many for "spline".`,
      );
    }
    const given: Record<string, Tensor | undefined> = {
      features: source.features,
      small: source.small,
      image: source.image,
      source: source.keypoints.points,
      driving: motion.keypoints.points,
      ...motionTerms(motion, source.keypoints),
    };
    const feeds = Object.fromEntries(frame.inputs.map(({ name }) => [name, given[name]!]));
    const available = outputs.filter((name) => frame.outputs.some((output) => output.name === name));
    if (available.length === 0) return { keypoints: motion.keypoints, warnings: motion.warnings };
    const values = await frame.run(feeds, { outputs: available, ...(signal && { signal }) });
    return { keypoints: motion.keypoints, warnings: motion.warnings, ...values } as RenderedFrame;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.#parts).map((part) => part[Symbol.asyncDispose]()));
  }
}

/** What the frame graph reads around keypoints, of whatever order they are: without a spline it bends by zero. */
function motionTerms({ jacobians, anchors, spline }: DialedMotion, { points }: Keypoints): Record<string, Tensor> {
  const [count] = points.dims;
  const identities = () => Float32Array.from({ length: 4 * count }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
  return {
    jacobians: jacobians ?? tensor("float32", identities(), [count, 2, 2]),
    anchors: anchors ?? points,
    spline: spline ?? zeros([count, count, 2]),
  };
}
