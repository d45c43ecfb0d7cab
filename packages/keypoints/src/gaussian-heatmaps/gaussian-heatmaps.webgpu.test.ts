import { tensor } from "@bunraku/backends";
import { float } from "@bunraku/backends/onnx";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { gaussianHeatmaps } from "./gaussian-heatmaps.ts";
import { gaussianHeatmapsKernel } from "./gaussian-heatmaps.webgpu.ts";

const device = await testDevice();
testKernel(gaussianHeatmapsKernel, { device, backends });

const cases = [
  { points: noise([3, 2], 1), size: { height: 7, width: 5 }, variance: 0.01 },
  { points: noise([10, 2], 2), size: { height: 16, width: 31 }, variance: 0.1 },
  { points: noise([3, 2], 3, [-3, 3]), size: { height: 6, width: 9 }, variance: 0.5 }, // points outside
  { points: noise([1, 2], 4), size: { height: 1, width: 4 }, variance: 0.2 },
];

test.skipIf(!device)("agrees with the definition, by one variance", async () => {
  for (const { points, size, variance } of cases) {
    const dims = [1, points.dims[0], size.height, size.width] as const;
    const [got] = await runKernel(device!, gaussianHeatmapsKernel, [points], [dims], { variance: float(variance) });
    const wanted = gaussianHeatmaps(points, size, { variance });
    expect(compareTensors(tensor("float32", got!, dims), wanted).maxAbsError).toBeLessThan(1e-5);
  }
});

test.skipIf(!device)("agrees with the definition, by precisions, also of matrices that are not symmetric", async () => {
  const precisions = tensor("float32", Float32Array.of(4, 1, 1, 2, 100, -5, -5, 1, 9, 2, -1, 5), [3, 2, 2]);
  const points = noise([3, 2], 1);
  const dims = [1, 3, 7, 15] as const;
  const [got] = await runKernel(device!, gaussianHeatmapsKernel, [points, precisions], [dims]);
  const wanted = gaussianHeatmaps(points, { height: 7, width: 15 }, { precisions });
  expect(compareTensors(tensor("float32", got!, dims), wanted).maxAbsError).toBeLessThan(1e-5);
});

test("without a variance or precisions it is left to the runtime", () => {
  const site = { inputs: [{ dims: [3, 2] }], outputs: [{ dims: [1, 3, 4, 4] }], attributes: {} };
  expect(gaussianHeatmapsKernel.plan(site)).toBeUndefined();
  expect(gaussianHeatmapsKernel.plan({ ...site, attributes: { variance: float(0.01) } })).toBeDefined();
});
