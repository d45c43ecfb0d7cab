import { tensor } from "@bunraku/backends";
import { float } from "@bunraku/backends/onnx";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { heatmapsOf } from "../soft-argmax/soft-argmax.ts";
import { backends } from "../testing/backends.ts";
import { heatmapMoments } from "./heatmap-moments.ts";
import { heatmapMomentsKernel } from "./heatmap-moments.webgpu.ts";

const device = await testDevice();
testKernel(heatmapMomentsKernel, { device, backends });

const cases = [
  { dims: [1, 1, 7, 5], temperature: 0.1, largest: 1 },
  { dims: [1, 10, 16, 16], temperature: 0.1, largest: 1 },
  { dims: [1, 3, 9, 31], temperature: 2, largest: 5 },
  { dims: [1, 2, 1, 8], temperature: 0.1, largest: 1e4 },
] as const;

test.skipIf(!device).each(cases)("agrees with the definitions, %o", async ({ dims, temperature, largest }) => {
  const scores = noise(dims, 1, [-largest, largest]);
  const heatmaps = heatmapsOf(scores, { temperature });
  const { points, covariances } = heatmapMoments(heatmaps);
  const wanted = [heatmaps, points, covariances];
  const shapes = wanted.map((value) => value.dims);
  const attributes = { temperature: float(temperature) };
  const got = await runKernel(device!, heatmapMomentsKernel, [scores], shapes, attributes);
  for (const [i, value] of wanted.entries()) {
    const { maxAbsError } = compareTensors(tensor("float32", got[i]!, shapes[i]!), value);
    expect(maxAbsError, `output ${i}`).toBeLessThan(1e-5);
  }
});

test("without a temperature, or of a batch, it is left to the runtime", () => {
  const site = (attributes = {}, batch = 1) => ({
    inputs: [{ dims: [batch, 3, 4, 4] }],
    outputs: [{ dims: [batch, 3, 4, 4] }, { dims: [3, 2] }, { dims: [3, 2, 2] }],
    attributes,
  });
  expect(heatmapMomentsKernel.plan(site({ temperature: float(0.1) }))).toBeDefined();
  expect(heatmapMomentsKernel.plan(site())).toBeUndefined();
  expect(heatmapMomentsKernel.plan(site({ temperature: float(0.1) }, 2))).toBeUndefined();
});
