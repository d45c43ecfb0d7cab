import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMotionClip } from "../motion-clip/read-motion-clip.ts";
import { gaussianNoise, keypointsFrom, largestDifference } from "../testing/moving-keypoints.ts";
import { recordedBytes } from "../testing/recorded.ts";
import { jitterOf } from "./jitter.ts";
import { smoothKeypoints } from "./smooth-keypoints.ts";

const times = (count: number, rate = 25) => Array.from({ length: count }, (_, i) => i / rate);
const points = (values: readonly number[]) => values.map((value) => keypointsFrom({ points: [value, -value] }));
const xs = (frames: readonly { points: { data: Float32Array } }[]) => frames.map(({ points }) => points.data[0]!);

test("between the ends of even frames it is the gaussian filter", () => {
  const impulse = Array.from({ length: 21 }, (_, i) => (i === 10 ? 1 : 0));
  const out = xs(smoothKeypoints(points(impulse), { timestamps: times(21), sigma: 0.04 }));
  const kernel = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((step) => Math.exp(-(step ** 2) / 2));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  for (const [j, weight] of kernel.entries()) expect(out[6 + j]!).toBeCloseTo(weight / total, 6);
  expect(out.slice(4, 6)).toEqual([0, 0]);
});

test("steady movement of points and jacobians is unchanged, at the ends and at uneven times, too", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(steps, fc.double({ min: -1, max: 1, noNaN: true }), (list, speed) => {
      const timestamps = list.map((_, i) => list.slice(0, i + 1).reduce((sum, step) => sum + step / 100, 0));
      const frames = timestamps.map((time) =>
        keypointsFrom({ points: [speed * time, 0.5 - time], jacobians: [1 + time, time, -time, 1] }),
      );
      expect(largestDifference(smoothKeypoints(frames, { timestamps }), frames)).toBeLessThan(1e-5);
    }),
  );
});

test("it has no lag: the clip backwards gives the same, backwards", () => {
  const values = [...gaussianNoise(30, 4)];
  const timestamps = times(30);
  const forth = xs(smoothKeypoints(points(values), { timestamps }));
  const back = xs(smoothKeypoints(points([...values].reverse()), { timestamps })).reverse();
  for (const [i, value] of forth.entries()) expect(back[i]!).toBeCloseTo(value, 5);
});

test("jitter of noise falls to less than a fifth", () => {
  const frames = points([...gaussianNoise(300, 5)]);
  expect(jitterOf(smoothKeypoints(frames, { timestamps: times(300) }))! / jitterOf(frames)!).toBeLessThan(0.2);
});

test("covariances are averaged, and stay symmetric and positive definite", () => {
  const value = fc.double({ min: -1, max: 1, noNaN: true });
  const covariance = fc.tuple(value, value, value, value).map(([a, b, c, d]) => {
    const off = a * b + c * d;
    return [a * a + c * c + 1e-3, off, off, b * b + d * d + 1e-3];
  });
  const samples = fc.array(fc.tuple(covariance, fc.constantFrom(0, 0.3, 1)), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(samples, (list) => {
      const frames = list.map(([covariances, sure]) =>
        keypointsFrom({ points: [0, 0], covariances, confidences: [sure] }),
      );
      for (const { covariances } of smoothKeypoints(frames, { timestamps: times(list.length) })) {
        const [xx, xy, yx, yy] = covariances!.data;
        expect(xy).toBe(yx);
        expect(xx!).toBeGreaterThan(0);
        expect(xx! * yy! - xy! * yx!).toBeGreaterThan(0);
      }
    }),
  );
});

test("one variance for all directions is smoothed like the others", () => {
  const frames = [1, 2, 3].map((variance) => keypointsFrom({ points: [0, 0], covariances: [variance] }));
  const out = smoothKeypoints(frames, { timestamps: times(3) });
  expect(out[1]!.covariances!.dims).toEqual([1, 1, 1]);
  expect(out[1]!.covariances!.data[0]!).toBeCloseTo(2, 6);
  expect(out[0]!.covariances!.data[0]!).toBeGreaterThan(1);
});

describe("confidences", () => {
  const sampled = (samples: readonly (readonly [value: number, confidence: number])[]) =>
    samples.map(([value, confidence]) => keypointsFrom({ points: [value, 0], confidences: [confidence] }));

  test("a sample that was not found has no weight, and its place is filled from around it", () => {
    const frames = sampled([0, 1, 2, 3, 4].map((i) => (i === 2 ? [99, 0] : [i / 8, 1])));
    const out = smoothKeypoints(frames, { timestamps: times(5) });
    for (const [i, value] of xs(out).entries()) expect(value).toBeCloseTo(i / 8, 5);
    expect(out.map((frame) => frame.confidences!.data[0])).toEqual([1, 1, 0, 1, 1]);
  });

  test("a long gap is crossed straight; before the first and after the last time it stands still", () => {
    const known = (i: number) => i === 10 || i === 30;
    const frames = sampled(Array.from({ length: 50 }, (_, i) => (known(i) ? [i / 10, 1] : [-7, 0])));
    const out = xs(smoothKeypoints(frames, { timestamps: times(50) }));
    for (const [i, value] of out.entries()) {
      // Within the gaussian's reach of a sample, four frames, that sample is all there is.
      const wanted = i <= 14 ? 1 : i >= 26 ? 3 : i / 10;
      expect(value).toBeCloseTo(wanted, 5);
    }
  });

  test("a trend is not followed beyond the samples that it was seen in", () => {
    const frames = sampled(Array.from({ length: 12 }, (_, i) => (i < 8 ? [i / 8, 1] : [0, 0])));
    const out = xs(smoothKeypoints(frames, { timestamps: times(12) }));
    expect(Math.max(...out)).toBeLessThan(0.9);
    expect(out.at(-1)!).toBeCloseTo(7 / 8, 5);
  });

  test("a keypoint that was never found is left as it is", () => {
    const frames = sampled([
      [1, 0],
      [2, 0],
      [5, 0],
    ]);
    expect(largestDifference(smoothKeypoints(frames, { timestamps: times(3) }), frames)).toBe(0);
  });

  test("an unsure sample pulls less", () => {
    const pull = (confidence: number) =>
      xs(
        smoothKeypoints(sampled([0, 0, 0, 1, 0, 0, 0].map((value) => [value, value ? confidence : 1])), {
          timestamps: times(7),
        }),
      )[3]!;
    expect(pull(0.2)).toBeLessThan(0.5 * pull(1));
  });

  test("each keypoint has its own", () => {
    const frames = [0, 1, 2].map((i) =>
      keypointsFrom({ points: [i, i, i === 1 ? 50 : i, i], confidences: [1, i === 1 ? 0 : 1] }),
    );
    const [, middle] = smoothKeypoints(frames, { timestamps: times(3) });
    for (const [i, value] of [1, 1, 1, 1].entries()) expect(middle!.points.data[i]!).toBeCloseTo(value, 5);
  });
});

test("inputs keep their numbers, and results have memory of their own", () => {
  const frames = points([0, 1, 0]);
  const out = smoothKeypoints(frames, { timestamps: times(3), sigma: 1e-6 });
  expect(largestDifference(out, frames)).toBe(0);
  out[1]!.points.data.fill(9);
  expect(xs(frames)).toEqual([0, 1, 0]);
});

test("no frames give none", () => {
  expect(smoothKeypoints([], { timestamps: [] })).toEqual([]);
});

test("wrong times, widths and frames are refused", () => {
  const frames = points([0, 1]);
  expect(() => smoothKeypoints(frames, { timestamps: [0] })).toThrow(
    "smoothKeypoints timestamps: expected one per frame (2), got 1.",
  );
  expect(() => smoothKeypoints(frames, { timestamps: [0, 0] })).toThrow(
    "smoothKeypoints timestamps: expected rising numbers of seconds, got 0 at frame 1.",
  );
  expect(() => smoothKeypoints(frames, { timestamps: [0, 1], sigma: 0 })).toThrow(
    "smoothKeypoints sigma: expected seconds above 0, got 0.",
  );
  expect(() => smoothKeypoints([frames[0]!, keypointsFrom({ points: [0, Infinity] })], { timestamps: [0, 1] })).toThrow(
    "smoothKeypoints frame 1: the point of keypoint 0 is not a finite number (Infinity).",
  );
  const mixed = [frames[0]!, keypointsFrom({ points: [0, 0], jacobians: [1, 0, 0, 1] })];
  expect(() => smoothKeypoints(mixed, { timestamps: [0, 1] })).toThrow(
    "smoothKeypoints frame 1: expected 1 keypoints with points [2], got 1 keypoints with points [2], jacobians [2, 2].",
  );
});

test("on a recorded head, defaults take three quarters of the jitter of a noisy video, and come closer to the clean one", () => {
  const [clean, noisy] = (["nod", "nod-noisy"] as const).map((name) => readMotionClip(recordedBytes(name)).frames);
  const timestamps = noisy!.map((frame) => frame.timestamp);
  const before = noisy!.map((frame) => frame.keypoints);
  const after = smoothKeypoints(before, { timestamps });
  expect(jitterOf(after)! / jitterOf(before)!).toBeLessThan(0.3);
  const error = (frames: typeof before) => {
    let sum = 0;
    for (const [i, { points }] of frames.entries()) {
      points.data.forEach((value, at) => {
        sum += (value - clean![i]!.keypoints.points.data[at]!) ** 2;
      });
    }
    return sum;
  };
  expect(error(after)).toBeLessThan(error(before));
});
