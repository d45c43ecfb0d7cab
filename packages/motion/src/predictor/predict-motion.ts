import { BunrakuError, tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import { buildKeypoints, expectLayout, type KeypointLayout, layoutOf } from "../keypoint-layout/keypoint-layout.ts";
import type { MotionPredictor } from "./motion-predictor.ts";

export interface PredictMotionOptions {
  /** Frames of the result, the given ones among them. */
  readonly frames: number;
  /**
   * Where covariances come from: `predicted` takes the network's; `hold` gives all frames, also the given ones, that of
   * the last given frame. Upstream's flag says the opposite of what it does: `predict_variance: true` holds, `false`,
   * its default, predicts. @default "predicted"
   */
  readonly variance?: "predicted" | "hold";
}

/**
 * Makes a picture's keypoints move on by themselves: a clip that begins with the given frames.
 *
 * @param given keypoints of the first frames, at least one; borrowed. Upstream gives one
 * @returns `frames` keypoints: the given ones, then predicted ones. New tensors, owned by the caller
 * @throws `MOTION` when keypoints are not finite or not the predictor's; `OPTION`; `SHAPE`
 * @see spec 4.8; monkey-net, `prediction.py`
 */
export function predictMotion(
  predictor: MotionPredictor,
  given: readonly Keypoints[],
  { frames, variance = "predicted" }: PredictMotionOptions,
): Keypoints[] {
  const last = given.at(-1);
  if (!last) throw new BunrakuError("MOTION", "predictMotion: expected keypoints of at least one frame, got none.");
  if (!Number.isInteger(frames) || frames < given.length) {
    throw new BunrakuError(
      "OPTION",
      `predictMotion frames: expected a whole number of at least ${given.length}, the frames given, got ${frames}.`,
    );
  }
  if (variance !== "predicted" && variance !== "hold") {
    throw new BunrakuError("OPTION", `predictMotion variance: expected predicted or hold, got ${variance}.`);
  }
  const { numKeypoints: keypoints, covariances = true } = predictor.config;
  const layout: KeypointLayout = {
    keypoints,
    parts: { points: [2], ...(covariances && { covariances: [2, 2] as const }) },
  };
  const parts: Input[] = given.map((frame, index) => {
    const { points, covariances: variances } = frame;
    layoutOf(frame, `predictMotion frame ${index}`);
    const used = { points, ...(variances && covariances && { covariances: variances }) };
    expectLayout(used, layout, `predictMotion frame ${index}`);
    return used;
  });

  const stacked = (name: "points" | "covariances", size: number) => {
    const data = new Float32Array(frames * keypoints * size); // zeros after the given frames
    for (const [index, frame] of parts.entries()) data.set(frame[name]!.data, index * keypoints * size);
    return data;
  };
  const predicted = predictor.run({
    points: tensor("float32", stacked("points", 2), [frames, keypoints, 2]),
    ...(covariances && { covariances: tensor("float32", stacked("covariances", 4), [frames, keypoints, 2, 2]) }),
  });
  return Array.from({ length: frames }, (_, index) =>
    buildKeypoints(layout, (name, data) => {
      const part = name as "points" | "covariances";
      const known = part === "covariances" && variance === "hold" ? parts.at(-1) : parts[index];
      const [start, end] = [index * data.length, (index + 1) * data.length];
      data.set(known ? known[part]!.data : predicted[part]!.data.subarray(start, end));
    }),
  );
}

type Input = Pick<Keypoints, "points" | "covariances">;
