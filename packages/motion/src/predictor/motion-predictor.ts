import { BunrakuError, expectShape, type Tensor, tensor, type Weights } from "@bunraku/backends";
import { weightOf } from "@bunraku/backends/layers";
import { type MotionPredictorConfig, motionPredictorSpecs, predictorInputs } from "./predictor-config.ts";

/** What is known of a clip's keypoints, frame by frame. */
export interface MotionSequence {
  /** `[D, K, 2]` */
  readonly points: Tensor<"float32">;
  /** `[D, K, 2, 2]`, unless the model has none. */
  readonly covariances?: Tensor<"float32">;
}

/** Predicts how keypoints go on. Nothing is held on a device. */
export interface MotionPredictor {
  readonly config: MotionPredictorConfig;
  /**
   * One pass over a clip. Frames that are to be predicted are zeros; `predictMotion` does that.
   *
   * @returns Every frame as the network sees it, new tensors, owned by the caller. Points lie in (-1, 1).
   * @throws `SHAPE`
   */
  run(frames: MotionSequence): MotionSequence;
}

/**
 * Monkey-Net's predictor: a GRU over frames, and a linear layer. Accumulated in float64.
 *
 * Upstream trains it on the spot, for each data set; no checkpoint holds one.
 *
 * @param weights as PyTorch names them: `motionPredictorSpecs`; borrowed, for as long as the predictor is used
 * @throws `MODEL` when a weight is missing or has other dims; `OPTION`
 * @see spec 1M.6
 */
export function createMotionPredictor(config: MotionPredictorConfig, weights: Weights): MotionPredictor {
  const [inputWeight, stateWeight, inputBias, stateBias, outWeight, outBias] = motionPredictorSpecs(config).map(
    ({ name, dims }) => weightOf(weights, name, dims).data,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  const { numKeypoints: keypoints, numFeatures: features, covariances = true } = config;
  const inputs = predictorInputs(config);

  return {
    config,
    run({ points, covariances: variances }) {
      const [frames] = expectShape(points, ["D", keypoints, 2], "motion predictor points").dims;
      if (covariances !== (variances !== undefined)) {
        const wanted = covariances ? "covariances, as it was trained" : "no covariances, as it was trained";
        throw new BunrakuError("SHAPE", `motion predictor: expected ${wanted}, got ${variances ? "some" : "none"}.`);
      }
      if (variances) expectShape(variances, [frames, keypoints, 2, 2], "motion predictor covariances");
      const means = new Float32Array(frames * keypoints * 2);
      const spreads = new Float32Array(covariances ? frames * keypoints * 4 : 0);
      let state = new Float64Array(features);
      for (let frame = 0; frame < frames; frame++) {
        const input = new Float64Array(inputs);
        input.set(points.data.subarray(frame * keypoints * 2, (frame + 1) * keypoints * 2));
        if (variances) {
          input.set(variances.data.subarray(frame * keypoints * 4, (frame + 1) * keypoints * 4), keypoints * 2);
        }
        state = step(state, linear(inputWeight, inputBias, input), linear(stateWeight, stateBias, state));
        const out = linear(outWeight, outBias, state);
        for (let k = 0; k < keypoints; k++) {
          const at = k * (covariances ? 6 : 2);
          means[(frame * keypoints + k) * 2] = Math.tanh(out[at]!);
          means[(frame * keypoints + k) * 2 + 1] = Math.tanh(out[at + 1]!);
          // WᵀW is symmetric and has no negative eigenvalue, whatever W is.
          if (covariances) spreads.set(square(out.subarray(at + 2, at + 6)), (frame * keypoints + k) * 4);
        }
      }
      return {
        points: tensor("float32", means, [frames, keypoints, 2]),
        ...(covariances && { covariances: tensor("float32", spreads, [frames, keypoints, 2, 2]) }),
      };
    },
  };

  /** One step of a GRU. Gates are stacked in the order reset, update, new. */
  function step(state: Float64Array, fromInput: Float64Array, fromState: Float64Array): Float64Array<ArrayBuffer> {
    const next = new Float64Array(features);
    for (let i = 0; i < features; i++) {
      const reset = sigmoid(fromInput[i]! + fromState[i]!);
      const update = sigmoid(fromInput[features + i]! + fromState[features + i]!);
      const fresh = Math.tanh(fromInput[2 * features + i]! + reset * fromState[2 * features + i]!);
      next[i] = (1 - update) * fresh + update * state[i]!;
    }
    return next;
  }
}

function linear(weight: Float32Array, bias: Float32Array, input: Float64Array): Float64Array {
  const out = Float64Array.from(bias);
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let column = 0; column < input.length; column++) sum += weight[row * input.length + column]! * input[column]!;
    out[row]! += sum;
  }
  return out;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** WᵀW of [[a, b], [c, d]]. */
function square([a, b, c, d]: Float64Array): number[] {
  const cross = a! * b! + c! * d!;
  return [a! * a! + c! * c!, cross, cross, b! * b! + d! * d!];
}
