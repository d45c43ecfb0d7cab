import { tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { gridSampleOnnx } from "./grid-sample.onnx.ts";
import { gridSample } from "./grid-sample.ts";

const grids = {
  inside: (dims: readonly number[]) => noise(dims, 2),
  "up to two pictures outside": (dims: readonly number[]) => noise(dims, 3, [-5, 5]),
  "thousands of pictures outside": (dims: readonly number[]) => noise(dims, 4, [-1e4, 1e4]),
  "on centres, edges and corners": (dims: readonly number[]) => {
    const exact = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
    return tensor(
      "float32",
      noise(dims, 5, [0, exact.length]).data.map((i) => exact[Math.floor(i)]!),
      dims,
    );
  },
};

const sizes = [
  { image: [1, 3, 5, 7], out: [4, 6] },
  { image: [4, 2, 8, 8], out: [8, 8] },
  { image: [1, 1, 1, 6], out: [3, 3] }, // a side of one pixel
  { image: [1, 1, 1, 1], out: [2, 5] },
] as const;

describe.each(backends)("on %s", (_, open) => {
  test.each(Object.keys(grids) as (keyof typeof grids)[])("the form agrees with the definition, %s", async (name) => {
    await using backend = await open();
    for (const { image: imageDims, out } of sizes) {
      for (const alignCorners of [true, false]) {
        for (const padding of ["zeros", "border", "reflection"] as const) {
          // Mirrored thousands of times, a place in float32 is a thousandth of a pixel wide.
          if (padding === "reflection" && name === "thousands of pictures outside") continue;
          const image = noise(imageDims, 1);
          const grid = grids[name]([imageDims[0], ...out, 2]);
          const got = await runPiece(
            backend,
            (g, inputs) => gridSampleOnnx(g, inputs.image, inputs.grid, { alignCorners, padding }),
            { image, grid },
          );
          const { maxAbsError } = compareTensors(got, gridSample(image, grid, { alignCorners, padding }));
          expect(maxAbsError, `${imageDims} ${alignCorners} ${padding}`).toBeLessThan(1e-5);
        }
      }
    }
  });

  test("the defaults are the definition's", async () => {
    await using backend = await open();
    const feeds = { image: noise([1, 1, 4, 5]), grid: noise([1, 3, 3, 2], 6, [-1.5, 1.5]) };
    const got = await runPiece(backend, (g, { image, grid }) => gridSampleOnnx(g, image, grid), feeds);
    expect(compareTensors(got, gridSample(feeds.image, feeds.grid)).maxAbsError).toBeLessThan(1e-5);
  });
});
