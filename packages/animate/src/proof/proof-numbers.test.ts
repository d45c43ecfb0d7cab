import { readFileSync } from "node:fs";
import { reference } from "@bunraku/backends/reference";
import { gridSampleOperator } from "@bunraku/warp/reference";
import { expect, test } from "vitest";
import type { GoldenFile, GoldenMode } from "../testing/golden-file.ts";
import { proofModels } from "./proof-models.ts";
import { proofNumbers } from "./proof-numbers.ts";
import { StageRunner } from "./run-stages.ts";
import { samplePlaces } from "./stage-numbers.ts";

const families = ["fomm", "monkey-net"] as const;
const goldenOf = (family: (typeof families)[number]): GoldenFile => {
  const name = family === "fomm" ? "fomm_tiny_proof" : "monkey_tiny_proof";
  return JSON.parse(readFileSync(new URL(`../../../../fixtures/golden/${name}.json`, import.meta.url), "utf8"));
};
const largestDifference = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
};

test.each(families)("the model of %s is that of a golden fixture, number by number", (family) => {
  const { config, size } = goldenOf(family);
  const { modelParams, size: own } = proofModels[family];
  expect(modelParams).toEqual(config);
  expect([own.height, own.width]).toEqual(size);
});

test.each(families)("the stored keypoints and frame of %s are those of the fixture", (family) => {
  const { kp_source, kp_initial, kp_driving, rel_ac1 } = goldenOf(family);
  // Monkey-Net's fixture lists the initial frame and the driving one together.
  const pictures = [kp_source, ...(kp_initial ? [kp_initial] : []), kp_driving];
  const { detector, frame } = proofNumbers[family];
  const points = pictures.flatMap(({ value, mean }) => value ?? mean ?? []);
  expect(largestDifference(detector.points!, points)).toBeLessThan(1e-6);
  if (family === "fomm") {
    const jacobians = pictures.flatMap(({ jacobian }) => jacobian ?? []);
    expect(largestDifference(detector.jacobians!, jacobians)).toBeLessThan(5e-6);
  } else {
    const covariances = pictures.flatMap((keypoints) => keypoints.var ?? []);
    expect(largestDifference(detector.covariances!, covariances)).toBeLessThan(1e-5);
  }
  const { prediction_f32_b64: whole } = rel_ac1 as GoldenMode;
  const prediction = new Float32Array(Uint8Array.from(Buffer.from(whole!, "base64")).buffer);
  const samples = samplePlaces(prediction.length, 48).map((at) => prediction[at]!);
  expect(largestDifference(frame.prediction!, samples)).toBeLessThan(2e-6);
});

test.each(families)(
  "the reference gives the stored numbers of %s: pnpm proof-numbers would write the same",
  async (family) => {
    await using backend = await reference({ operators: [gridSampleOperator] });
    await using runner = new StageRunner(backend, family);
    const detector = await runner.detector();
    const numbers = { detector, source: await runner.source(), frame: await runner.frame(detector) };
    for (const stage of ["detector", "source", "frame"] as const) {
      expect(Object.keys(numbers[stage])).toEqual(Object.keys(proofNumbers[family][stage]));
      for (const [field, stored] of Object.entries(proofNumbers[family][stage]))
        expect([field, largestDifference(stored, numbers[stage][field]!) < 1e-6]).toEqual([field, true]);
    }
  },
);

test.each([
  [10, 48],
  [48, 48],
])("of %i elements %i samples are all of them, in order", (length, count) => {
  expect(samplePlaces(length, count)).toEqual(Array.from({ length }, (_, i) => i));
});

test("samples are different places all over an array", () => {
  const places = samplePlaces(2304, 48);
  expect(new Set(places).size).toBe(48);
  const sorted = [...places].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((place, i) => place - sorted[i]!);
  expect(Math.max(...gaps)).toBeLessThan((3 * 2304) / 48);
  expect(sorted[0]).toBeLessThan(60);
  expect(sorted.at(-1)).toBeGreaterThan(2304 - 60);
});
