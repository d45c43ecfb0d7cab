import type { Backend } from "@bunraku/backends";
import { type GraphLoadOptions, loadGraph, type Rewrite } from "@bunraku/backends/onnx";
import type { Measurements } from "@bunraku/backends/plan";
import type { TransferOptions } from "@bunraku/motion";
import type { Architecture, GraphOptions, ModelWeights } from "./architecture.ts";
import { computesOnProcessor } from "./computes-on-processor.ts";
import { expectFrameSize } from "./frame-rule.ts";
import type { Model } from "./model.ts";
import { NetworkModel } from "./network-model.ts";
import { plansDetector } from "./plans-detector.ts";

/** How a model is loaded. */
export interface CreateModelOptions
  extends GraphLoadOptions,
    Pick<GraphOptions, "size" | "alignCorners" | "withDeformed"> {
  /** How its checkpoint's own configuration moves pictures; what a frame asks for goes first. @default {} */
  readonly transfer?: TransferOptions;
  /**
   * Writes convolutions in the forms that are the fastest on the backend, as measurements say: those that come with
   * `@bunraku/backends/plan`, or these. Numbers stay the same up to rounding (about 1e-6 of the largest); a detector whose
   * covariances are clipped, which magnifies rounding, stays as it is. `false` leaves graphs as architectures write them.
   * Not asked where there is `rewrite`. @default true
   */
  readonly plan?: boolean | Measurements;
}

/** A spline has a weight per pair of keypoints and is solved anew for each frame: half a megabyte, and milliseconds. */
const mostSplinePoints = 256;

/**
 * Loads a model onto a backend: three sessions, for the detector, the source and the frame.
 *
 * @param weights modules `generator` and `kp_detector`; borrowed during the call
 * @returns The model, owned by the caller; the backend is borrowed and must outlive it
 * @throws `MODEL`, `signal.reason`
 */
export async function createModel(
  backend: Backend,
  architecture: Architecture,
  weights: ModelWeights,
  { size, alignCorners, withDeformed = false, transfer = {}, plan = true, ...options }: CreateModelOptions,
): Promise<Model> {
  expectFrameSize(architecture.frames, size);
  const { signal, onProgress, rewrite = await planned(backend, plan) } = options;
  const abort: GraphLoadOptions = signal ? { signal } : {};
  const load: GraphLoadOptions = { ...abort, ...(rewrite && { rewrite }) };
  const made: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(part: T): T => {
    made.push(part);
    onProgress?.({ phase: "compile", loaded: made.length, total: 3 });
    return part;
  };
  try {
    const detecting = options.rewrite || plansDetector(architecture) ? load : abort;
    const detector = keep(await architecture.createDetector(backend, weights.kp_detector, size, detecting));
    const source = keep(await loadGraph(backend, architecture.sourceGraph(weights.generator, size), load));
    const withSpline = architecture.numKeypoints <= mostSplinePoints;
    const graph = architecture.frameGraph(weights.generator, { size, alignCorners, withDeformed, withSpline });
    const frame = keep(await loadGraph(backend, graph, load));
    const { parallelism = 1 } = backend;
    const network = { size, alignCorners, transfer, withSpline, parallelism };
    return new NetworkModel(architecture, { detector, source, frame }, network);
  } catch (error) {
    for (const part of made) await part[Symbol.asyncDispose]();
    throw error;
  }
}

/** Plans are made for processors: elsewhere, nobody fetches the code. */
async function planned(backend: Backend, plan: boolean | Measurements): Promise<Rewrite | undefined> {
  if (!plan || !computesOnProcessor(backend)) return undefined;
  return (await import("./planning-for.ts")).planningFor(backend, plan)?.rewrite;
}
