import { tensor } from "@bunraku/backends";
import { float } from "@bunraku/backends/onnx";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { heatmapsOf, poolJacobians, softArgmax } from "./soft-argmax.ts";
import { softArgmaxKernel } from "./soft-argmax.webgpu.ts";

const device = await testDevice();
testKernel(softArgmaxKernel, { device, backends });

const cases = [
  { dims: [1, 1, 7, 5], maps: 0, temperature: 0.1, largest: 1 },
  { dims: [1, 10, 26, 26], maps: 10, temperature: 0.1, largest: 1 },
  { dims: [1, 3, 9, 31], maps: 3, temperature: 2, largest: 5 }, // positions are no multiple of the threads
  { dims: [1, 3, 9, 31], maps: 1, temperature: 0.1, largest: 1e4 },
  { dims: [1, 2, 1, 8], maps: 2, temperature: 0.1, largest: 1 },
  { dims: [1, 4, 1, 1], maps: 4, temperature: 0.1, largest: 1 },
] as const;

test.skipIf(!device).each(cases)("agrees with the definitions, %o", async ({ dims, maps, temperature, largest }) => {
  const scores = noise(dims, 1, [-largest, largest]);
  const heatmaps = heatmapsOf(scores, { temperature });
  const entries = maps > 0 ? noise([1, 4 * maps, dims[2], dims[3]], 2, [-2, 2]) : undefined;
  const wanted = [heatmaps, softArgmax(heatmaps), ...(entries ? [poolJacobians(heatmaps, entries)] : [])];
  const shapes = wanted.map((value) => value.dims);
  const inputs = entries ? [scores, entries] : [scores];
  const got = await runKernel(device!, softArgmaxKernel, inputs, shapes, { temperature: float(temperature) });
  for (const [i, value] of wanted.entries()) {
    const { maxAbsError } = compareTensors(tensor("float32", got[i]!, shapes[i]!), value);
    expect(maxAbsError, `output ${i}`).toBeLessThan(1e-5);
  }
});

test("what it does not do is left to the runtime: no temperature, other numbers of entries, a batch", () => {
  const site = (attributes = {}, channels = 12, batch = 1) => ({
    inputs: [{ dims: [batch, 3, 4, 4] }, { dims: [1, channels, 4, 4] }],
    outputs: [{ dims: [batch, 3, 4, 4] }, { dims: [3, 2] }, { dims: [3, 2, 2] }],
    attributes,
  });
  const temperature = float(0.1);
  expect(softArgmaxKernel.plan(site({ temperature }))).toBeDefined();
  expect(softArgmaxKernel.plan(site())).toBeUndefined();
  expect(softArgmaxKernel.plan(site({ temperature }, 8))).toBeUndefined();
  expect(softArgmaxKernel.plan(site({ temperature }, 12, 2))).toBeUndefined();
});
