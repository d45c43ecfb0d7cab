import { tensor, type Weights } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { goldenPredictor } from "../testing/misc-monkey.ts";
import { createMotionPredictor } from "./motion-predictor.ts";
import { type MotionPredictorConfig, motionPredictorSpecs } from "./predictor-config.ts";

/** Any weights of a configuration. */
const weightsOf = (config: MotionPredictorConfig, fill?: (name: string) => number): Weights =>
  new Map(
    motionPredictorSpecs(config).map(({ name, dims }, seed) => {
      const weight = noise(dims, seed + 1, [-0.5, 0.5]);
      if (fill) weight.data.fill(fill(name));
      return [name, weight];
    }),
  );

test("against PyTorch it gives the same points and covariances", () => {
  const { config, weights, given, wanted } = goldenPredictor();
  const got = createMotionPredictor(config, weights).run(given);
  // The fixture has nine digits.
  expect(compareTensors(got.points, wanted.points).maxAbsError).toBeLessThan(1e-6);
  expect(compareTensors(got.covariances!, wanted.covariances).maxAbsError).toBeLessThan(1e-6);
});

test("a single unit over two frames is a closed form", () => {
  const config = { numKeypoints: 1, numFeatures: 1, covariances: false };
  const weights: Weights = new Map(
    Object.entries({
      "rnn.weight_ih_l0": [
        [1, 0, 0, 2, 1, -1],
        [3, 2],
      ],
      "rnn.weight_hh_l0": [
        [0.5, -1, 2],
        [3, 1],
      ],
      "rnn.bias_ih_l0": [[0.1, 0.2, 0.3], [3]],
      "rnn.bias_hh_l0": [[0.4, 0.5, 0.6], [3]],
      "linear.weight": [
        [2, -3],
        [2, 1],
      ],
      "linear.bias": [[0.25, 0.5], [2]],
    } as const).map(([name, [values, dims]]) => [name, tensor("float32", Float32Array.from(values), dims)]),
  );
  const points = tensor("float32", Float32Array.of(0.5, -0.25, 0, 0), [2, 1, 2]);
  const got = createMotionPredictor(config, weights).run({ points }).points.data;
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  let h = 0;
  for (const [frame, [x, y]] of (
    [
      [0.5, -0.25],
      [0, 0],
    ] as const
  ).entries()) {
    const r = sigmoid(x + 0.1 + 0.5 * h + 0.4);
    const z = sigmoid(2 * y + 0.2 - h + 0.5);
    const n = Math.tanh(x - y + 0.3 + r * (2 * h + 0.6));
    h = (1 - z) * n + z * h;
    expect(got[2 * frame]!).toBeCloseTo(Math.tanh(2 * h + 0.25), 6);
    expect(got[2 * frame + 1]!).toBeCloseTo(Math.tanh(-3 * h + 0.5), 6);
  }
});

test("covariances are symmetric and have no negative eigenvalue, and points stay inside the picture", () => {
  const config = { numKeypoints: 3, numFeatures: 8 };
  const got = createMotionPredictor(config, weightsOf(config)).run({
    points: noise([6, 3, 2], 7),
    covariances: noise([6, 3, 2, 2], 8),
  });
  for (let at = 0; at < got.covariances!.data.length; at += 4) {
    const [xx, xy, yx, yy] = got.covariances!.data.subarray(at, at + 4);
    expect(xy).toBe(yx);
    expect(Math.min(xx!, yy!)).toBeGreaterThanOrEqual(0);
    expect(xx! * yy! - xy! * yx!).toBeGreaterThan(-1e-6);
  }
  for (const value of got.points.data) expect(Math.abs(value)).toBeLessThan(1);
});

test("a frame depends on those before it, and not on those after it", () => {
  const config = { numKeypoints: 2, numFeatures: 5, covariances: false };
  const predictor = createMotionPredictor(config, weightsOf(config));
  const points = noise([4, 2, 2], 3);
  const before = predictor.run({ points }).points.data;
  const changed = tensor("float32", points.data.slice(), [4, 2, 2]);
  changed.data.fill(0.9, 8, 12); // frame 2
  const after = predictor.run({ points: changed }).points.data;
  expect(after.slice(0, 8)).toEqual(before.slice(0, 8));
  expect(after.slice(8, 12)).not.toEqual(before.slice(8, 12));
  expect(after.slice(12)).not.toEqual(before.slice(12));
});

test("without weights that do something, the picture's middle is all it knows", () => {
  const config = { numKeypoints: 2, numFeatures: 3, covariances: false };
  const predictor = createMotionPredictor(
    config,
    weightsOf(config, () => 0),
  );
  expect([...predictor.run({ points: noise([2, 2, 2]) }).points.data]).toEqual(Array(8).fill(0));
});

test("weights that are missing or of other dims, and inputs that do not fit, are refused", () => {
  const { config, weights, given } = goldenPredictor();
  const without = new Map([...weights].filter(([name]) => name !== "linear.bias"));
  expect(() => createMotionPredictor(config, without)).toThrow('weights: "linear.bias" [24] is missing.');
  expect(() => createMotionPredictor({ ...config, numFeatures: 8 }, weights)).toThrow(
    'weights: "rnn.weight_ih_l0" must be [24, 24], got [48, 24].',
  );
  expect(() => createMotionPredictor({ ...config, numKeypoints: 0 }, weights)).toThrow(
    "motion predictor numKeypoints: expected a whole number of at least 1, got 0.",
  );
  const predictor = createMotionPredictor(config, weights);
  expect(() => predictor.run({ points: given.points })).toThrow(
    "motion predictor: expected covariances, as it was trained, got none.",
  );
  expect(() => predictor.run({ ...given, points: noise([5, 3, 2]) })).toThrow(
    "motion predictor points: expected [D, 4, 2], got [5, 3, 2].",
  );
  expect(() => predictor.run({ ...given, covariances: noise([4, 4, 2, 2]) })).toThrow(
    "motion predictor covariances: expected [5, 4, 2, 2], got [4, 4, 2, 2].",
  );
});
