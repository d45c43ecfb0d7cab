import { readFileSync } from "node:fs";
import type { Backend } from "@bunraku/backends";
import { decodeModel, encodeModel, toFloat16 } from "@bunraku/backends/onnx";
import { ortNode } from "@bunraku/backends/ort-node";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { expect, test } from "vitest";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import type { GoldenFile } from "../testing/golden-file.ts";
import { architectureOf } from "./architecture.ts";
import { createModel } from "./create-model.ts";

/** A backend whose graphs compute in half precision: what `precision: "float16"` does, on a CPU that can. */
function inHalf(backend: Backend): Backend {
  return {
    contract: 1,
    name: "half",
    warnings: [],
    load: (model, options) => backend.load(encodeModel(toFloat16(decodeModel(model))), options),
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  };
}

/** In decibels, for pictures in [0, 1]. */
function psnr(got: Float32Array, wanted: Float32Array): number {
  const mean = got.reduce((sum, value, at) => sum + (value - wanted[at]!) ** 2, 0) / got.length;
  return 10 * Math.log10(1 / mean);
}

test.each([
  ["fomm", "fomm_tiny"],
  ["monkey-net", "monkey_tiny"],
] as const)(
  "a %s in half precision is 45 dB and more from float32, its keypoints a quarter of a pixel",
  async (family, name) => {
    const path = new URL(`../../../../fixtures/golden/${name}.json`, import.meta.url);
    const { config } = JSON.parse(readFileSync(path, "utf8")) as GoldenFile;
    const architecture = architectureOf(family, config);
    const weights = proceduralModelWeights(architecture);
    const size = { height: 64, width: 64 };
    const results = [];
    for (const wrap of [(backend: Backend) => backend, inHalf]) {
      await using backend = wrap(await ortNode({ threads: 1, thread: "main" }));
      await using model = await createModel(backend, architecture, weights, { size, alignCorners: true });
      using source = await model.encode(proceduralImage(size, 0));
      const [initial, driving] = [
        await model.detect(proceduralImage(size, 1)),
        await model.detect(proceduralImage(size, 2)),
      ];
      const { prediction } = await model.render(source, driving, initial, { outputs: ["prediction"] });
      results.push({ prediction: prediction!.data.slice(), points: driving.points.data.slice() });
    }
    const [single, half] = results;
    const points = Math.max(...half!.points.map((value, at) => Math.abs(value - single!.points[at]!)));
    const ratio = psnr(half!.prediction, single!.prediction);
    expect(half!.prediction).not.toEqual(single!.prediction);
    expect(ratio).toBeGreaterThan(45);
    expect(points).toBeLessThan(2e-3); // a quarter of a pixel at 256 × 256
    console.log(`${name}: ${ratio.toFixed(1)} dB, points within ${points.toExponential(1)}`);
  },
);
