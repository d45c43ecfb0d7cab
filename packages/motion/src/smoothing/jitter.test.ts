import fc from "fast-check";
import { expect, test } from "vitest";
import { gaussianNoise, keypointsFrom } from "../testing/moving-keypoints.ts";
import { createJitterMeter, jitterOf } from "./jitter.ts";

const rate = 25;
const noisy = (sigma: number, times: readonly number[], seed = 1) => {
  const noise = gaussianNoise(times.length * 4, seed);
  return times.map((time, frame) =>
    keypointsFrom({
      points: [0.1 * time, -0.05 * time, 0.5, 0.2].map((value, i) => value + sigma * noise[4 * frame + i]!),
    }),
  );
};
const even = (count: number) => Array.from({ length: count }, (_, i) => i / rate);

test("noise of standard deviation 0.01 on steady movement is a jitter of 0.01", () => {
  for (const seed of [1, 2, 3]) expect(jitterOf(noisy(0.01, even(4000), seed))!).toBeCloseTo(0.01, 3);
});

test("the same holds when frames come at uneven times, if these are told", () => {
  // Steps of 8 and 72 ms in turn: with weights for even steps it would be a sixth too much.
  const timestamps = even(4000).map((time, i) => time + (i % 2) * 0.032);
  const frames = noisy(0.01, timestamps);
  expect(jitterOf(frames, { timestamps })!).toBeCloseTo(0.01, 3);
});

test("steady movement has no jitter, at even times and at uneven ones", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 3, maxLength: 20 }), (steps) => {
      // Eighths are exact in float32.
      const timestamps = steps.map((_, i) => steps.slice(0, i).reduce((sum, step) => sum + step, 0));
      const frames = timestamps.map((time) => keypointsFrom({ points: [time / 8, -time / 4] }));
      expect(jitterOf(frames, { timestamps })!).toBeLessThan(1e-12);
      const evenly = steps.map((_, i) => keypointsFrom({ points: [i / 8, 1 - i / 4] }));
      expect(jitterOf(evenly)).toBe(0);
    }),
  );
});

test("one point that jumps there and back is its second difference over √6, as RMS over all", () => {
  const at = (x: number) => keypointsFrom({ points: [x, 0] });
  // Three frames, two coordinates: second differences -2 and 0.
  expect(jitterOf([at(0), at(1), at(0)])).toBeCloseTo(Math.sqrt(4 / 6 / 2), 12);
});

test("in pixels, noise is as many times larger as pixels are smaller, each way by its own side", () => {
  const size = { width: 256, height: 256 };
  expect(jitterOf(noisy(0.01, even(4000)), { size })!).toBeCloseTo(1.275, 1);
  const across = [0, 1, 0].map((x) => keypointsFrom({ points: [x, 0] }));
  const down = [0, 1, 0].map((y) => keypointsFrom({ points: [0, y] }));
  const wide = { size: { width: 201, height: 101 } };
  expect(jitterOf(across, wide)! / jitterOf(down, wide)!).toBeCloseTo(2, 12);
  expect(jitterOf(across, wide)! / jitterOf(across)!).toBeCloseTo(100, 10);
});

test("a keypoint that was not found does not count, and one of half the confidence counts half", () => {
  const at = (jump: number, confidence: number) =>
    keypointsFrom({ points: [jump, 0, 0, 0], confidences: [confidence, 1] });
  expect(jitterOf([at(0, 1), at(9, 0), at(0, 1)])).toBe(0);
  // Weights ½ and 1 over both coordinates: ½ · 4/6 over 2 · 1½.
  expect(jitterOf([at(0, 1), at(1, 0.5), at(0, 1)])).toBeCloseTo(Math.sqrt((0.5 * 4) / 6 / 3), 12);
});

test("there is nothing to measure in two frames, nor where no keypoint was found", () => {
  expect(jitterOf(noisy(0.01, even(2)))).toBeUndefined();
  const lost = Array.from({ length: 5 }, (_, i) => keypointsFrom({ points: [i, i * i], confidences: [0] }));
  expect(jitterOf(lost)).toBeUndefined();
});

test("a meter that sees frames one by one says the same, and keeps none of them", () => {
  const frames = noisy(0.02, even(50));
  const meter = createJitterMeter();
  const wanted = jitterOf(frames);
  for (const frame of frames) {
    const passing = keypointsFrom({ points: [...frame.points.data] });
    meter.add(passing);
    passing.points.data.fill(9);
  }
  expect(meter.jitter).toBe(wanted);
});

test("times that do not rise, and keypoints of another number, are refused", () => {
  const [a, b, c] = noisy(0, even(3));
  expect(() => jitterOf([a!, b!, c!], { timestamps: [0, 1, 1] })).toThrow(
    "jitter seconds: expected a time after the last frame's 1, got 1.",
  );
  expect(() => jitterOf([a!, b!], { timestamps: [0, 1, 2] })).toThrow(
    "jitterOf timestamps: expected one per frame (2), got 3.",
  );
  expect(() => jitterOf([a!, keypointsFrom({ points: [0, 0] })])).toThrow(
    "jitter keypoints: expected 2 keypoints with points [2], got 1 keypoints with points [2].",
  );
});
