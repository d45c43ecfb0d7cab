import { encodeModel } from "@bunraku/backends/onnx";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { goldenPredictor } from "../testing/misc-monkey.ts";
import { motionPredictorGraph } from "./motion-predictor.onnx.ts";
import { createMotionPredictor } from "./motion-predictor.ts";
import { motionPredictorSpecs } from "./predictor-config.ts";

describe.each(backends)("on %s", (_, open) => {
  test("against PyTorch the graph gives the same points and covariances", async () => {
    await using backend = await open();
    const { config, weights, given, wanted } = goldenPredictor();
    await using session = await backend.load(encodeModel(motionPredictorGraph(config, weights, 5)));
    const got = await session.run({ ...given });
    expect(compareTensors(got.predicted_points!, wanted.points).maxAbsError).toBeLessThan(1e-5);
    expect(compareTensors(got.predicted_covariances!, wanted.covariances).maxAbsError).toBeLessThan(1e-5);
  });

  test.each([
    { config: { numKeypoints: 3, numFeatures: 7, covariances: false }, frames: 4 },
    { config: { numKeypoints: 2, numFeatures: 33 }, frames: 12 },
    { config: { numKeypoints: 1, numFeatures: 4 }, frames: 1 },
  ])("the form agrees with the definition, $frames frames of $config", async ({ config, frames }) => {
    await using backend = await open();
    const weights = new Map(
      motionPredictorSpecs(config).map(({ name, dims }, seed) => [name, noise(dims, seed + 1, [-0.5, 0.5])]),
    );
    const points = noise([frames, config.numKeypoints, 2], 20);
    const covariances =
      config.covariances === false ? undefined : noise([frames, config.numKeypoints, 2, 2], 21, [0, 0.2]);
    const feeds = { points, ...(covariances && { covariances }) };
    const wanted = createMotionPredictor(config, weights).run(feeds);
    await using session = await backend.load(encodeModel(motionPredictorGraph(config, weights, frames)));
    const got = await session.run(feeds);
    expect(compareTensors(got.predicted_points!, wanted.points).maxAbsError).toBeLessThan(1e-5);
    expect(!got.predicted_covariances).toBe(!wanted.covariances);
    if (wanted.covariances) {
      expect(compareTensors(got.predicted_covariances!, wanted.covariances).maxAbsError).toBeLessThan(2e-5);
    }
  });
});
