import { tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import { expect, test } from "vitest";
import { goldenPredictor } from "../testing/misc-monkey.ts";
import { keypointsFrom, largestDifference } from "../testing/moving-keypoints.ts";
import { createMotionPredictor } from "./motion-predictor.ts";
import { predictMotion } from "./predict-motion.ts";

/** The golden predictor, its one given frame and what PyTorch gave, frame by frame. */
function golden() {
  const { config, weights, given, wanted } = goldenPredictor();
  const frame = (sequence: typeof given, index: number): Keypoints => ({
    points: tensor("float32", sequence.points.data.slice(8 * index, 8 * (index + 1)), [4, 2]),
    covariances: tensor("float32", sequence.covariances.data.slice(16 * index, 16 * (index + 1)), [4, 2, 2]),
  });
  const known = [0, 1, 2, 3, 4].filter((index) => frame(given, index).points.data.some((value) => value !== 0));
  return {
    predictor: createMotionPredictor(config, weights),
    first: known.map((index) => frame(given, index)),
    wanted: [0, 1, 2, 3, 4].map((index) => frame(wanted, index)),
  };
}

test("given frames come back as they are, and the others are what PyTorch predicts", () => {
  const { predictor, first, wanted } = golden();
  expect(first.length).toBe(1);
  const frames = predictMotion(predictor, first, { frames: 5 });
  expect(frames.length).toBe(5);
  expect(largestDifference([frames[0]!], first)).toBe(0);
  expect(largestDifference(frames.slice(1), wanted.slice(1))).toBeLessThan(1e-6);
});

test("with variance held, all frames have the covariances of the last given one", () => {
  const { predictor, first, wanted } = golden();
  const other = keypointsFrom({ points: [...first[0]!.points.data], covariances: Array(16).fill(0.5) });
  const frames = predictMotion(predictor, [other, ...first], { frames: 4, variance: "hold" });
  for (const frame of frames) expect(frame.covariances!.data).toEqual(first[0]!.covariances!.data);
  const predicted = predictMotion(predictor, [other, ...first], { frames: 4 });
  expect(frames.map((frame) => frame.points.data)).toEqual(predicted.map((frame) => frame.points.data));
  expect(largestDifference([predicted[0]!], [other])).toBe(0);
  expect(wanted[1]!.covariances!.data).not.toEqual(first[0]!.covariances!.data);
});

test("as many frames as are given are just these, in memory of their own", () => {
  const { predictor, first } = golden();
  const before = [...first[0]!.points.data];
  const frames = predictMotion(predictor, first, { frames: 1 });
  expect(largestDifference(frames, first)).toBe(0);
  frames[0]!.points.data.fill(9);
  expect([...first[0]!.points.data]).toEqual(before);
});

test("what the predictor was not trained on is refused", () => {
  const { predictor, first } = golden();
  expect(() => predictMotion(predictor, [], { frames: 3 })).toThrow(
    "predictMotion: expected keypoints of at least one frame, got none.",
  );
  expect(() => predictMotion(predictor, first, { frames: 0 })).toThrow(
    "predictMotion frames: expected a whole number of at least 1, the frames given, got 0.",
  );
  const isotropic = keypointsFrom({ points: Array(8).fill(0), covariances: Array(4).fill(0.1) });
  expect(() => predictMotion(predictor, [isotropic], { frames: 3 })).toThrow(
    "predictMotion frame 0: expected 4 keypoints with points [2], covariances [2, 2], got 4 keypoints with points [2], covariances [1, 1].",
  );
  expect(() => predictMotion(predictor, [{ points: first[0]!.points }], { frames: 3 })).toThrow(
    "predictMotion frame 0: expected 4 keypoints with points [2], covariances [2, 2], got 4 keypoints with points [2].",
  );
  expect(() => predictMotion(predictor, first, { frames: 3, variance: "true" as never })).toThrow(
    "predictMotion variance: expected predicted or hold, got true.",
  );
});
