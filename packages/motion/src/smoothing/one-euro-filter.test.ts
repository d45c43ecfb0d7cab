import type { Keypoints } from "@bunraku/keypoints";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMotionClip } from "../motion-clip/read-motion-clip.ts";
import { gaussianNoise, keypointsFrom, largestDifference } from "../testing/moving-keypoints.ts";
import { recordedBytes } from "../testing/recorded.ts";
import { jitterOf } from "./jitter.ts";
import { createOneEuroFilter, type OneEuroOptions } from "./one-euro-filter.ts";

function filterAll(
  frames: readonly Keypoints[],
  timestamps: readonly number[],
  options: OneEuroOptions = {},
): Keypoints[] {
  const smoother = createOneEuroFilter(options);
  return frames.map((frame, index) => smoother.filter(frame, timestamps[index]!));
}

const times = (count: number, rate = 25) => Array.from({ length: count }, (_, i) => i / rate);
const x = (frame: Keypoints, at = 0) => frame.points.data[at]!;

test("the first frame comes back unchanged, in memory of its own", () => {
  const first = keypointsFrom({ points: [0.5, -0.25], jacobians: [1, 2, 3, 4], confidences: [0.5] });
  const out = createOneEuroFilter().filter(first, 12);
  expect(largestDifference([out], [first])).toBe(0);
  out.points.data[0] = 9;
  expect(x(first)).toBe(0.5);
});

test("with beta 0 it is the exponential filter of its cutoff", () => {
  const frames = [0, 1, 1, 0].map((value) => keypointsFrom({ points: [value, 0] }));
  const out = filterAll(frames, times(4, 10), { minCutoff: 2, beta: 0 });
  const ratio = (2 * Math.PI * 2) / 10;
  const alpha = ratio / (1 + ratio);
  const wanted = [0, alpha, alpha + alpha * (1 - alpha)];
  wanted.push(wanted[2]! * (1 - alpha));
  for (const [index, value] of wanted.entries()) expect(x(out[index]!)).toBeCloseTo(value, 6);
});

test("a keypoint that rests stays where it is", () => {
  const still = keypointsFrom({ points: [0.3, -0.7], jacobians: [1, 2, 3, 4], covariances: [2, 1, 1, 2] });
  const out = filterAll(Array(30).fill(still), times(30));
  expect(largestDifference(out, Array(30).fill(still))).toBe(0);
});

test.each([
  [24, 0.2],
  [30, 0.5],
  [120, 0.2],
])("steady movement is followed 1 / (2π (minCutoff + beta v)) seconds late, at %i frames per second", (rate, speed) => {
  const timestamps = times(8 * rate, rate);
  const frames = timestamps.map((time) => keypointsFrom({ points: [speed * time, 0] }));
  const out = filterAll(frames, timestamps, { minCutoff: 1, beta: 20 });
  const lag = (x(frames.at(-1)!) - x(out.at(-1)!)) / speed;
  expect(lag).toBeCloseTo(1 / (2 * Math.PI * (1 + 20 * speed)), 4);
});

test("both coordinates of a keypoint lag alike: a straight path stays straight", () => {
  const offsets = times(60).map((time) => Math.sin(2 * time));
  const frames = offsets.map((offset) => keypointsFrom({ points: [0.5 * offset, 0.02 * offset] }));
  for (const frame of filterAll(frames, times(60))) {
    expect(frame.points.data[1]!).toBeCloseTo(0.04 * frame.points.data[0]!, 7);
  }
});

test("the direction of movement does not matter", () => {
  const turned = (angle: number) =>
    times(40).map((time) => {
      const [a, b] = [Math.sin(3 * time), 0.3 * Math.cos(5 * time)];
      return keypointsFrom({
        points: [a * Math.cos(angle) - b * Math.sin(angle), a * Math.sin(angle) + b * Math.cos(angle)],
      });
    });
  const plain = filterAll(turned(0), times(40)).at(-1)!.points.data;
  const rotated = filterAll(turned(1), times(40)).at(-1)!.points.data;
  expect(rotated[0]!).toBeCloseTo(plain[0]! * Math.cos(1) - plain[1]! * Math.sin(1), 6);
  expect(rotated[1]!).toBeCloseTo(plain[0]! * Math.sin(1) + plain[1]! * Math.cos(1), 6);
});

test("a turn in place is followed although no point moves, and the size of jacobians does not matter", () => {
  const turn = (size: number, speed: number) =>
    times(100).map((time) => {
      const [c, s] = [size * Math.cos(speed * time), size * Math.sin(speed * time)];
      return keypointsFrom({ points: [0, 0], jacobians: [c, -s, s, c] });
    });
  const lagOf = (frames: readonly Keypoints[], speed: number) => {
    const angle = ({ jacobians }: Keypoints) => Math.atan2(jacobians!.data[2]!, jacobians!.data[0]!);
    return (angle(frames.at(-1)!) - angle(filterAll(frames, times(100)).at(-1)!)) / speed;
  };
  const fast = lagOf(turn(1, 0.7), 0.7);
  expect(fast).toBeLessThan(0.02);
  expect(lagOf(turn(1, 0.02), 0.02)).toBeGreaterThan(0.05);
  expect(lagOf(turn(6, 0.7), 0.7)).toBeCloseTo(fast, 4);
});

test("noise on a keypoint that rests falls to less than a third", () => {
  const noise = gaussianNoise(600, 3);
  const frames = times(300).map((_, i) =>
    keypointsFrom({ points: [0.002 * noise[2 * i]!, 0.002 * noise[2 * i + 1]!] }),
  );
  expect(jitterOf(filterAll(frames, times(300)))! / jitterOf(frames)!).toBeLessThan(1 / 3);
});

describe("confidences", () => {
  const at = (value: number, confidence: number) => keypointsFrom({ points: [value, 0], confidences: [confidence] });

  test("a keypoint that was not found stays where it was", () => {
    const out = filterAll([at(0.5, 1), at(-1, 0), at(-1, 0)], times(3));
    expect(out.map((frame) => x(frame))).toEqual([0.5, 0.5, 0.5]);
    expect(out.map((frame) => frame.confidences!.data[0])).toEqual([1, 0, 0]);
  });

  test("one that is found late is taken where it is found first", () => {
    const out = filterAll([at(-1, 0), at(-1, 0), at(0.75, 0.5), at(0.75, 1)], times(4));
    expect(x(out[2]!)).toBe(0.75);
    expect(x(out[3]!)).toBe(0.75);
  });

  test("the time in which it was lost counts, once it is found again", () => {
    const gap = filterAll([at(0, 1), at(9, 0), at(9, 0), at(9, 0), at(0.5, 1)], times(5), { beta: 0 });
    const jump = filterAll([at(0, 1), at(0.5, 1)], [0, 4 / 25], { beta: 0 });
    expect(x(gap.at(-1)!)).toBeCloseTo(x(jump.at(-1)!), 6);
  });

  test("the less sure a sample is, the less it moves the result", () => {
    const moved = [0, 0.25, 0.5, 0.75, 1].map((confidence) =>
      x(filterAll([at(0, 1), at(1, confidence)], times(2), { beta: 0 })[1]!),
    );
    expect(moved).toEqual([...moved].sort((a, b) => a - b));
    expect(new Set(moved).size).toBe(5);
  });

  test("full confidence is the same as none given", () => {
    const sure = filterAll([at(0, 1), at(1, 1), at(0.5, 1)], times(3));
    const bare = filterAll(
      [0, 1, 0.5].map((value) => keypointsFrom({ points: [value, 0] })),
      times(3),
    );
    expect(sure.map((frame) => x(frame))).toEqual(bare.map((frame) => x(frame)));
  });
});

test("covariances stay symmetric and positive definite", () => {
  const value = fc.double({ min: -1, max: 1, noNaN: true });
  const covariance = fc.tuple(value, value, value, value).map(([a, b, c, d]) => {
    const off = a * b + c * d;
    return [a * a + c * c + 1e-3, off, off, b * b + d * d + 1e-3];
  });
  fc.assert(
    fc.property(fc.array(covariance, { minLength: 2, maxLength: 12 }), (list) => {
      const frames = list.map((covariances) => keypointsFrom({ points: [0, 0], covariances }));
      for (const { covariances } of filterAll(frames, times(list.length))) {
        const [xx, xy, yx, yy] = covariances!.data;
        expect(xy).toBe(yx);
        expect(xx! * yy! - xy! * yx!).toBeGreaterThan(0);
        expect(xx!).toBeGreaterThan(0);
      }
    }),
  );
});

test("what it yields lies between what it saw", () => {
  const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 240 }), (list, rate) => {
      const frames = list.map((value) => keypointsFrom({ points: [value, 0] }));
      for (const frame of filterAll(frames, times(list.length, rate))) {
        expect(x(frame)).toBeGreaterThanOrEqual(Math.fround(Math.min(...list)) - 1e-6);
        expect(x(frame)).toBeLessThanOrEqual(Math.fround(Math.max(...list)) + 1e-6);
      }
    }),
  );
});

test("after reset() the next frame is a first one, at any time and of any number", () => {
  const smoother = createOneEuroFilter();
  smoother.filter(keypointsFrom({ points: [0, 0] }), 10);
  smoother.reset();
  const other = keypointsFrom({ points: [1, 1, 2, 2] });
  expect(largestDifference([smoother.filter(other, 0)], [other])).toBe(0);
});

test("a frame that is refused leaves the filter as it was", () => {
  const smoother = createOneEuroFilter();
  const wanted = filterAll(
    [0, 1].map((value) => keypointsFrom({ points: [value, 0] })),
    [0, 1],
  );
  smoother.filter(keypointsFrom({ points: [0, 0] }), 0);
  const refuse = (points: number[], seconds: number, message: string) =>
    expect(() => smoother.filter(keypointsFrom({ points }), seconds)).toThrow(message);
  refuse([Number.NaN, 0], 0.5, "the point of keypoint 0 is not a finite number (NaN)");
  refuse([1, 0], 0, "createOneEuroFilter seconds: expected a time after the last frame's 0, got 0. Call reset()");
  refuse([1, 0, 1, 0], 0.5, "expected 1 keypoints with points [2], got 2 keypoints with points [2].");
  refuse([1, 0], Number.NaN, "createOneEuroFilter seconds: expected a number of seconds, got NaN.");
  expect(x(smoother.filter(keypointsFrom({ points: [1, 0] }), 1))).toBe(x(wanted[1]!));
});

test.each([
  [{ minCutoff: 0 }, "createOneEuroFilter minCutoff: expected a number above 0 (Hz), got 0."],
  [{ beta: -1 }, "createOneEuroFilter beta: expected a number of at least 0, got -1."],
  [{ derivativeCutoff: Number.NaN }, "createOneEuroFilter derivativeCutoff: expected a number above 0 (Hz), got NaN."],
])("options %o are refused", (options, message) => {
  expect(() => createOneEuroFilter(options)).toThrow(message);
});

/** By how many seconds `frames` come after `truth`: the shift at which they differ least. */
function lagBehind(truth: readonly Keypoints[], frames: readonly Keypoints[], step: number): number {
  let best = { error: Infinity, shift: 0 };
  for (let shift = 0; shift < 4; shift += 0.05) {
    let error = 0;
    for (let frame = 5; frame < frames.length; frame++) {
      const [at, share] = [Math.floor(frame - shift), (((frame - shift) % 1) + 1) % 1];
      const [here, next] = [truth[at]!, truth[Math.min(at + 1, truth.length - 1)]!];
      frames[frame]!.points.data.forEach((value, i) => {
        error += (value - (1 - share) * here.points.data[i]! - share * next.points.data[i]!) ** 2;
      });
    }
    if (error < best.error) best = { error, shift };
  }
  return best.shift * step;
}

test("on a recorded head, defaults take more than 40 % of the jitter of a noisy video and lag by less than a frame", () => {
  const read = (name: "nod" | "nod-noisy") => {
    const { frames } = readMotionClip(recordedBytes(name));
    return { keypoints: frames.map((frame) => frame.keypoints), timestamps: frames.map((frame) => frame.timestamp) };
  };
  const [clean, noisy] = [read("nod"), read("nod-noisy")];
  const calmed = filterAll(noisy.keypoints, noisy.timestamps);
  const before = jitterOf(noisy.keypoints)!;
  expect(before).toBeGreaterThan(0.0012);
  expect(jitterOf(calmed)! / before).toBeLessThan(0.58);
  expect(lagBehind(clean.keypoints, filterAll(clean.keypoints, clean.timestamps), 1 / 24)).toBeLessThan(0.03);
});
