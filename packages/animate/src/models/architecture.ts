import type { Backend, Tensor, Weights } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";
import type { Graph, GraphLoadOptions } from "@bunraku/backends/onnx";
import type { Family } from "@bunraku/checkpoints";
import type { KeypointDetector, Keypoints, KeypointVariance } from "@bunraku/keypoints";
import type { Size } from "@bunraku/warp";
import { fommArchitecture } from "./fomm/fomm-architecture.ts";
import type { FrameRule } from "./frame-rule.ts";
import { expectFamily } from "./known-families.ts";
import { monkeyNetArchitecture } from "./monkey-net/monkey-net-architecture.ts";

/** The modules of a checkpoint that inference needs. */
export type ModuleName = "generator" | "kp_detector";

/** Weights of a model, by module, named as official checkpoints name them. Owned by whoever loaded them. */
export type ModelWeights = Readonly<Record<ModuleName, Weights>>;

export interface GraphOptions {
  readonly size: Size;
  readonly alignCorners: boolean;
  /** Whether a frame also gives `deformed`, where that costs something. @default false */
  readonly withDeformed?: boolean;
  /** Whether a frame may choose its order of motion, thin-plate splines among them. @default false */
  readonly withSpline?: boolean;
}

/**
 * What the two systems have in common: a configuration, read and checked, that says which tensors it needs and makes
 * three graphs of them. All else (caching, transfer, order of motion) is the same for both.
 */
export interface Architecture {
  readonly family: Family;
  readonly numKeypoints: number;
  readonly hasJacobians: boolean;
  /** Whether frames have a flow. */
  readonly hasMotion: boolean;
  /**
   * How its detector measures the spread of keypoints, for gaussians that read precisions: a covariance each, one variance
   * each, or the same for all, in squared normalised units. Absent where gaussians need none.
   */
  readonly keypointVariance?: KeypointVariance;
  /** The least singular value of a covariance, to which its detector scales those that are smaller. */
  readonly clipVariance?: number;
  /** Inverse covariances of keypoints, `[K, 2, 2]`, owned by the caller. Absent where gaussians need none. @throws `MOTION` */
  precisionsOf?(keypoints: Keypoints): Tensor<"float32">;
  /** Tensors that a checkpoint must hold. */
  readonly specs: Readonly<Record<ModuleName, readonly TensorSpec[]>>;
  readonly frames: FrameRule;
  /** Picture → keypoints, also as a graph. */
  createDetector(backend: Backend, weights: Weights, size: Size, options?: GraphLoadOptions): Promise<KeypointDetector>;
  detectorGraph(weights: Weights, size: Size): Graph;
  /** Picture → what all frames share; its outputs are inputs of the frame graph. */
  sourceGraph(weights: Weights, size: Size): Graph;
  /** Source and keypoints → frame. Inputs are known by their names, see `createModel`. */
  frameGraph(weights: Weights, options: GraphOptions): Graph;
}

const readers: Readonly<Record<Family, (modelParams: unknown) => Architecture>> = {
  fomm: fommArchitecture,
  "monkey-net": monkeyNetArchitecture,
};

/**
 * Reads `model_params` of a configuration.
 *
 * @throws `MODEL` naming the key, what was wanted and what came; `UNSUPPORTED`
 */
export function architectureOf(family: Family, modelParams: unknown): Architecture {
  expectFamily(family);
  return readers[family](modelParams);
}
