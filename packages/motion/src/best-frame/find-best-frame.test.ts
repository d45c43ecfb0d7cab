import { type Tensor, tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMotionClip } from "../motion-clip/read-motion-clip.ts";
import { gaussianNoise, keypointsFrom, largestDifference } from "../testing/moving-keypoints.ts";
import { recordedBytes } from "../testing/recorded.ts";
import { transferMotion } from "../transfer-motion/transfer-motion.ts";
import { findBestFrame, findBestLandmarks } from "./find-best-frame.ts";
import { landmarkDistance } from "./landmark-distance.ts";
import { poseDistance } from "./pose-distance.ts";

const triangle = (tip: number) => keypointsFrom({ points: [0, 0, 1, 0, tip, 1] });

test("the frame of the least distance is found, and the first of equal ones wins", async () => {
  const frames = [3, 1, 0.5, 2, 0.5].map(triangle);
  const best = await findBestFrame(triangle(0.5), frames);
  expect(best.index).toBe(2);
  expect(best.distance).toBe(0);
  expect(largestDifference([best.keypoints], [frames[2]!])).toBe(0);
});

test("frames without keypoints are passed over, and count", async () => {
  async function* frames() {
    yield undefined;
    yield keypointsFrom({ points: [0, 0, 1, 0, 0.5, 1], confidences: [0, 0, 0] });
    yield triangle(2);
    yield undefined;
    yield triangle(1);
  }
  expect((await findBestFrame(triangle(0.5), frames())).index).toBe(4);
});

test("no frame with keypoints is refused", async () => {
  for (const frames of [[], [undefined, undefined]]) {
    await expect(findBestFrame(triangle(0), frames)).rejects.toThrow(
      "findBestFrame: no driving frame has keypoints that can be compared.",
    );
  }
});

test("it keeps a copy: frames may be reused by whoever makes them", async () => {
  const buffer = triangle(0);
  function* frames() {
    for (const tip of [2, 0.5, 1]) {
      buffer.points.data[4] = tip;
      yield buffer;
    }
  }
  expect((await findBestFrame(triangle(0.5), frames())).keypoints.points.data[4]).toBe(0.5);
});

test("frames that cannot be compared end the search, and close what they come from", async () => {
  let closed = false;
  function* frames() {
    try {
      yield keypointsFrom({ points: [0, 0] });
    } finally {
      closed = true;
    }
  }
  await expect(findBestFrame(triangle(0), frames())).rejects.toThrow("poseDistance driving: expected 3 keypoints");
  expect(closed).toBe(true);
});

test("in a recorded nod, a head elsewhere and half as large finds the frame that it was made of", async () => {
  const frames = readMotionClip(recordedBytes("nod")).frames.map((frame) => frame.keypoints);
  for (const wanted of [0, 17, 40, 71]) {
    const { points, jacobians } = frames[wanted]!;
    const source = keypointsFrom({
      points: [...points.data].map((value, i) => 0.5 * value + (i % 2 ? 0.2 : -0.3)),
      jacobians: [...jacobians!.data].map((value) => 0.5 * value),
    });
    expect((await findBestFrame(source, frames)).index).toBe(wanted);
  }
});

test("with noise on the source, the frame found is near the right one in pose", async () => {
  const frames = readMotionClip(recordedBytes("nod")).frames.map((frame) => frame.keypoints);
  const noise = gaussianNoise(20, 6);
  const source = keypointsFrom({
    points: [...frames[30]!.points.data].map((value, i) => value + 0.003 * noise[i]!),
    jacobians: [...frames[30]!.jacobians!.data],
  });
  const { index } = await findBestFrame(source, frames);
  expect(poseDistance(frames[30]!, frames[index]!)!).toBeLessThan(0.05 * poseDistance(frames[30]!, frames[0]!)!);
});

describe("as upstream does it", () => {
  const coordinate = fc.integer({ min: -64, max: 64 }).map((i) => i / 64);
  const keypoints = fc
    .tuple(fc.array(coordinate, { minLength: 6, maxLength: 6 }), fc.array(coordinate, { minLength: 3, maxLength: 3 }))
    .map(([points, turns]) =>
      keypointsFrom({ points, jacobians: turns.flatMap((angle) => [1 + angle * angle, angle, -angle, 1]) }),
    );

  test("its two passes from the best frame, joined, are one pass with that frame as initial", async () => {
    await fc.assert(
      fc.asyncProperty(keypoints, fc.array(keypoints, { minLength: 1, maxLength: 12 }), async (source, driving) => {
        const best = await findBestFrame(source, driving);
        // make_animation: every pass is relative to its own first frame.
        const pass = (frames: readonly Keypoints[]) =>
          frames.map((frame) => transferMotion(source, frame, frames[0]!).keypoints);
        const forward = pass(driving.slice(best.index));
        const backward = pass(driving.slice(0, best.index + 1).reverse());
        const upstream = [...backward.reverse(), ...forward.slice(1)];
        const once = driving.map((frame) => transferMotion(source, frame, best.keypoints).keypoints);
        expect(largestDifference(once, upstream)).toBe(0);
      }),
    );
  });

  const face = (points: readonly number[]): Tensor<"float32"> =>
    tensor("float32", Float32Array.from(points), [points.length / 2, 2]);

  test("landmarks: the sum of squares after mean and hull are taken out", () => {
    // A square of side 2 (hull 4) against a kite.
    const square = face([0, 0, 2, 0, 0, 2, 2, 2]);
    const kite = face([1, 1, 2, 0, 0, 2, 2, 2]);
    const a = [-1, -1, 1, -1, -1, 1, 1, 1].map((value) => value / 2);
    const b = [1, 1, 2, 0, 0, 2, 2, 2].map((value) => (value - 1.25) / Math.sqrt(2));
    expect(landmarkDistance(square, kite)).toBeCloseTo(
      a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0),
      6,
    );
    expect(landmarkDistance(square, face([100, 100, 140, 100, 100, 140, 140, 140]))).toBeLessThan(1e-12);
  });

  test("landmarks: the first least wins, and frames without a face are passed over", async () => {
    const tipped = (tip: number) => face([0, 0, 1, 0, tip, 1]);
    const frames = [undefined, tipped(1), tipped(0.25), undefined, tipped(0.25)];
    expect((await findBestLandmarks(tipped(0.3), frames)).index).toBe(2);
    await expect(findBestLandmarks(tipped(0), [undefined])).rejects.toThrow(
      "findBestLandmarks: no driving frame has landmarks.",
    );
  });

  test("landmarks on a line, other numbers of them, and NaN are refused", () => {
    const three = face([0, 0, 1, 0, 0, 1]);
    expect(() => landmarkDistance(three, face([0, 0, 1, 1, 2, 2]))).toThrow(
      "landmarkDistance driving: its 3 points lie on a line, and have no scale.",
    );
    expect(() => landmarkDistance(three, face([0, 0, 1, 0]))).toThrow(
      "landmarkDistance driving: expected [3, 2], got [2, 2].",
    );
    expect(() => landmarkDistance(face([0, 0, 1, Number.NaN, 0, 1]), three)).toThrow(
      "landmarkDistance source: expected finite numbers, got NaN.",
    );
  });
});
