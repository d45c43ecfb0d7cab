import { tensor } from "@bunraku/backends";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { type GridSampleOptions, gridSample } from "./grid-sample.ts";
import { gridSampleKernel } from "./grid-sample.webgpu.ts";

const device = await testDevice();
testKernel(gridSampleKernel, { device, backends });

type Floats = ReturnType<typeof noise>;

async function onGpu(image: Floats, grid: Floats, { padding = "zeros", alignCorners = false }: GridSampleOptions) {
  const dims = [image.dims[0]!, image.dims[1]!, grid.dims[1]!, grid.dims[2]!];
  const attributes = { mode: "bilinear", padding_mode: padding, align_corners: alignCorners ? 1 : 0 };
  const [moved] = await runKernel(device!, gridSampleKernel, [image, grid], [dims], attributes);
  return tensor("float32", moved!, dims);
}

const sizes = [
  { image: [1, 3, 5, 7], out: [4, 6] },
  { image: [4, 2, 8, 8], out: [8, 9] },
  { image: [2, 19, 3, 31], out: [9, 9] }, // more channels than one thread does, and more places than one workgroup
  { image: [1, 1, 1, 6], out: [3, 3] }, // a side of one pixel
  { image: [1, 1, 1, 1], out: [2, 5] },
] as const;
const all = [true, false].flatMap((alignCorners) =>
  (["zeros", "border", "reflection"] as const).map((padding) => ({ alignCorners, padding })),
);

test.skipIf(!device).each(all)("agrees with the definition, %o", async (options) => {
  for (const { image: dims, out } of sizes) {
    const image = noise(dims, 1);
    for (const range of [1, 5]) {
      const grid = noise([dims[0], ...out, 2], 2, [-range, range]);
      const { maxAbsError } = compareTensors(await onGpu(image, grid, options), gridSample(image, grid, options));
      // Mirrored, a place 5 pictures away keeps the rounding that it had there: 1e-5 of a pixel of 31.
      const tolerance = options.padding === "reflection" && range > 1 ? 2e-5 : 1e-5;
      expect(maxAbsError, `${dims}, up to ${range}`).toBeLessThan(tolerance);
    }
  }
});

test.skipIf(!device).each(all)(
  "far, infinite and unknown places read what the definition reads, %o",
  async (options) => {
    const wild = [Number.NaN, 1e30, -1e30, Infinity, -Infinity, 0.25];
    const places = wild.flatMap((x) => wild.flatMap((y) => [x, y]));
    const grid = tensor("float32", Float32Array.from(places), [1, 6, 6, 2]);
    const image = noise([1, 2, 4, 5], 3, [1, 2]); // no zeros in it
    // Mirrored 1e30 times, any pixel is right.
    const wanted = gridSample(image, grid, options);
    const got = await onGpu(image, grid, options);
    for (let i = 0; i < wanted.data.length; i++) {
      const [x, y] = places.slice((2 * i) % 72, ((2 * i) % 72) + 2) as [number, number];
      if (options.padding === "reflection" && (Math.abs(x) === 1e30 || Math.abs(y) === 1e30) && !Number.isNaN(x + y))
        expect(got.data[i]! >= 1 && got.data[i]! <= 2).toBe(true);
      else expect(got.data[i], `(${x}, ${y})`).toBeCloseTo(wanted.data[i]!, 5);
    }
  },
);

test("what it does not do is left to the runtime: other modes, paddings, ranks, sizes", () => {
  const site = (attributes = {}, dims: readonly number[] = [1, 1, 4, 4]) => ({
    inputs: [{ dims }, { dims: [1, 4, 4, 2] }],
    outputs: [{ dims: [1, 1, 4, 4] }],
    attributes,
  });
  expect(gridSampleKernel.plan(site())).toBeDefined();
  expect(gridSampleKernel.plan(site({ mode: "linear" }))).toBeDefined();
  expect(gridSampleKernel.plan(site({ mode: "nearest" }))).toBeUndefined();
  expect(gridSampleKernel.plan(site({ padding_mode: "wrap" }))).toBeUndefined();
  expect(gridSampleKernel.plan(site({}, [1, 1, 1, 4, 4]))).toBeUndefined();
  expect(gridSampleKernel.plan(site({}, [1, 1, 8192, 8192]))).toBeUndefined();
});
