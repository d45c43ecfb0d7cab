import { readFileSync } from "node:fs";
import { architectureOf } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";
import { encodeModel } from "@bunraku/backends/onnx";
import { ortNode } from "@bunraku/backends/ort-node";
import { proceduralImage, proceduralWeights } from "@bunraku/backends/testing/procedural";
import { expect, test } from "vitest";
import { largestDifference } from "./largest-difference.ts";
import { PlainModel } from "./plain-model.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../fixtures/golden/fomm_tiny.json", import.meta.url), "utf8"),
) as { config: unknown };
const architecture = architectureOf("fomm", golden.config);
const weights = {
  generator: proceduralWeights("generator", architecture.specs.generator),
  kp_detector: proceduralWeights("kp_detector", architecture.specs.kp_detector),
};
const system = { architecture, weights, size: { height: 64, width: 64 }, alignCorners: true };

test("plain graphs reach the backend as the architecture writes them", async () => {
  await using backend = await ortNode({ threads: 1 });
  const loaded: Uint8Array[] = [];
  const spy = {
    ...backend,
    load: (model: Uint8Array) => {
      loaded.push(model.slice());
      return backend.load(model);
    },
  } as Backend;
  await using _ = await PlainModel.load(spy, system);
  const { size, alignCorners } = system;
  expect(loaded).toEqual([
    encodeModel(architecture.detectorGraph(weights.kp_detector, size)),
    encodeModel(architecture.sourceGraph(weights.generator, size)),
    encodeModel(architecture.frameGraph(weights.generator, { size, alignCorners })),
  ]);
});

test("the same keypoints give the same frame, though the source is encoded every time", async () => {
  await using backend = await ortNode({ threads: 1 });
  await using model = await PlainModel.load(backend, system);
  using source = await model.encode(proceduralImage(system.size, 0));
  const driving = await model.detect(proceduralImage(system.size, 1));
  const [first, second] = [await model.render(source, driving, driving), await model.render(source, driving, driving)];
  expect(first.prediction!.dims).toEqual([1, 3, 64, 64]);
  expect(largestDifference(first.prediction!.data, second.prediction!.data)).toBe(0);
});
