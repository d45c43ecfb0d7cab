import { tensor } from "@bunraku/backends";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { identityGrid } from "../identity-grid/identity-grid.ts";
import { backends } from "../testing/backends.ts";
import { displacementOf } from "./displacement.ts";
import { warpImage } from "./picture-warp.ts";
import { warpImageKernel } from "./warp-image.webgpu.ts";

const device = await testDevice();
testKernel(warpImageKernel, { device, backends });

test.skipIf(!device).each([
  { rows: 8, columns: 8, by: 0.2, alignCorners: true },
  { rows: 8, columns: 8, by: 0.2, alignCorners: false },
  { rows: 5, columns: 12, by: 1.5, alignCorners: true }, // out of the picture, too
  { rows: 1, columns: 1, by: 0.3, alignCorners: true },
  { rows: 21, columns: 34, by: 0.05, alignCorners: false }, // of the image's size
])("agrees with the definition, %o", async ({ rows, columns, by, alignCorners }) => {
  const image = noise([1, 3, 21, 34], 1, [0, 1]);
  const bend = noise([1, rows, columns, 2], 2, [-by, by]).data;
  const places = identityGrid({ height: rows, width: columns }).data.map((at, i) => at + bend[i]!);
  const flow = tensor("float32", places, [1, rows, columns, 2]);
  const attributes = { align_corners: alignCorners ? 1 : 0 };
  const [got] = await runKernel(device!, warpImageKernel, [image, flow], [image.dims], attributes);
  const wanted = warpImage(image, displacementOf(flow, { alignCorners }));
  expect(compareTensors(tensor("float32", got!, image.dims), wanted).maxAbsError).toBeLessThan(2e-5);
});

test.skipIf(!device)("a place that is no number is read from where it is", async () => {
  const image = noise([1, 3, 4, 4]);
  const flow = tensor("float32", identityGrid({ height: 4, width: 4 }).data.fill(Number.NaN, 0, 6), [1, 4, 4, 2]);
  const [got] = await runKernel(device!, warpImageKernel, [image, flow], [image.dims], { align_corners: 1 });
  expect(compareTensors(tensor("float32", got!, image.dims), image).maxAbsError).toBeLessThan(1e-6);
});

test("what it does not do is left to the runtime", () => {
  const plan = (image: readonly number[], flow: readonly number[]) =>
    warpImageKernel.plan({ inputs: [{ dims: image }, { dims: flow }], outputs: [{ dims: image }], attributes: {} });
  expect(plan([1, 3, 8, 8], [1, 4, 4, 2])).toBeDefined();
  expect(plan([1, 4, 8, 8], [1, 4, 4, 2])).toBeUndefined();
  expect(plan([2, 3, 8, 8], [2, 4, 4, 2])).toBeUndefined();
  expect(plan([1, 3, 8, 8], [1, 4, 4, 3])).toBeUndefined();
});
