import { tensor } from "@bunraku/backends";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { blendWeights } from "./blend-weights.ts";
import { blendWeightsKernel } from "./blend-weights.webgpu.ts";

const device = await testDevice();
testKernel(blendWeightsKernel, { device, backends });

test.skipIf(!device).each([
  { size: [9, 14], map: [4, 5] },
  { size: [64, 96], map: [16, 24] }, // windows of five pixels
  { size: [70, 150], map: undefined },
  { size: [1, 40], map: [1, 1] },
  { size: [33, 2], map: [33, 2] },
] as const)("agrees with the definition, %o", async ({ size: [height, width], map }) => {
  // Pictures that differ slowly, or the blur would leave nothing to compare.
  const warped = noise([1, 3, height, width], 1, [0, 0.5]);
  const generated = tensor(
    "float32",
    warped.data.map((value, i) => value + 0.4 * Math.sin((i % width) / 9) ** 2),
    warped.dims,
  );
  const occlusion = map && noise([1, 1, ...map], 3, [0, 1]);
  const dims = [1, 1, height, width] as const;
  const [got] = await runKernel(device!, blendWeightsKernel, [warped, generated, occlusion], [dims]);
  const wanted = tensor("float32", blendWeights(warped, generated, occlusion).weights, dims);
  expect(compareTensors(tensor("float32", got!, dims), wanted).maxAbsError).toBeLessThan(2e-5);
});

test("what it does not do is left to the runtime", () => {
  const plan = (inputs: readonly (readonly number[] | undefined)[], output = [1, 1, 4, 4]) =>
    blendWeightsKernel.plan({
      inputs: inputs.map((dims) => dims && { dims }),
      outputs: [{ dims: output }],
      attributes: {},
    });
  const [picture, other] = [
    [1, 3, 4, 4],
    [1, 3, 4, 5],
  ];
  expect(plan([picture, picture])).toBeDefined();
  expect(plan([picture, picture, [1, 1, 2, 2]])).toBeDefined();
  expect(plan([picture, other])).toBeUndefined();
  expect(plan([picture, picture, [1, 2, 2, 2]])).toBeUndefined();
  expect(plan([picture, picture], [1, 1, 4, 5])).toBeUndefined();
  expect(
    plan([
      [1, 1, 4, 4],
      [1, 1, 4, 4],
    ]),
  ).toBeUndefined();
});
