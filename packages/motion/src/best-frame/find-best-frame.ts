import { BunrakuError, type Tensor } from "@bunraku/backends";
import { copyKeypoints, type Keypoints } from "@bunraku/keypoints";
import { landmarkDistance } from "./landmark-distance.ts";
import { type PoseOptions, poseDistance } from "./pose-distance.ts";

/** The driving frame that is posed most like the source. */
export interface BestFrame {
  /** Position among the frames, from 0; frames that were passed over count. */
  readonly index: number;
  readonly distance: number;
  /** A copy of the frame's keypoints, owned by the caller: the `initial` of relative movement. */
  readonly keypoints: Keypoints;
}

/**
 * Finds the driving frame that is posed like the source, by the model's own keypoints: relative movement that starts from
 * it keeps the source's shape best. The first of equal ones wins.
 *
 * Holds one frame and a copy of the best, however many there are. Frames are borrowed until the next one is asked for.
 * Those without keypoints (`undefined`, or none that is sure) are passed over.
 *
 * Transferring all frames, in order, with `initial` set to what this returns gives what upstream's `--find_best_frame`
 * gives in two passes.
 *
 * @throws `MOTION` when no frame has keypoints, when some are not finite, or differ in number or parts; `OPTION`; `SHAPE`
 * @see spec 4.4
 */
export async function findBestFrame(
  source: Keypoints,
  frames: Iterable<Keypoints | undefined> | AsyncIterable<Keypoints | undefined>,
  options: PoseOptions = {},
): Promise<BestFrame> {
  const best = await findFirstLeast(frames, (frame) => poseDistance(source, frame, options), copyKeypoints);
  if (!best) throw new BunrakuError("MOTION", "findBestFrame: no driving frame has keypoints that can be compared.");
  return { index: best.index, distance: best.distance, keypoints: best.kept };
}

/**
 * The same by landmarks of faces, as upstream does it: the least `landmarkDistance`. Frames without a face are `undefined`.
 *
 * @param source `[N, 2]`
 * @throws `MOTION` when no frame has a face; what `landmarkDistance` throws
 * @see spec 4.4; first-order-model, `demo.py: find_best_frame`
 */
export async function findBestLandmarks(
  source: Tensor<"float32">,
  frames: Iterable<Tensor<"float32"> | undefined> | AsyncIterable<Tensor<"float32"> | undefined>,
): Promise<{ index: number; distance: number }> {
  const best = await findFirstLeast(
    frames,
    (frame) => landmarkDistance(source, frame),
    () => undefined,
  );
  if (!best) throw new BunrakuError("MOTION", "findBestLandmarks: no driving frame has landmarks.");
  return { index: best.index, distance: best.distance };
}

async function findFirstLeast<Frame, Kept>(
  frames: Iterable<Frame | undefined> | AsyncIterable<Frame | undefined>,
  distanceTo: (frame: Frame) => number | undefined,
  keep: (frame: Frame) => Kept,
): Promise<{ index: number; distance: number; kept: Kept } | undefined> {
  let best: { index: number; distance: number; kept: Kept } | undefined;
  let index = 0;
  for await (const frame of frames) {
    const distance = frame && distanceTo(frame);
    if (distance !== undefined && !(best && best.distance <= distance)) {
      best = { index, distance, kept: keep(frame!) };
    }
    index++;
  }
  return best;
}
