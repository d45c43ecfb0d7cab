import { type KernelCase, kernelCase } from "@bunraku/backends/webgpu";
import { warpImageOnnx } from "./warp-image.onnx.ts";

/** Cases of the piece "warp-image" with stored answers, worked out by hand. */
export function warpImageCases(): readonly KernelCase[] {
  return [
    // One cell: all reads half a pixel to the right and half a pixel above, as far as there are pixels.
    kernelCase(
      "warp-image: one cell, corners not aligned",
      {
        image: [
          [1, 3, 2, 4],
          [0, 4, 8, 12, 8, 12, 16, 20, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 8, 0, 0, 0, 0],
        ],
        flow: [
          [1, 1, 1, 2],
          [0.25, -0.5],
        ],
      },
      (g, { image, flow }) => ({ warped: warpImageOnnx(g, image, flow, { alignCorners: false }) }),
      {
        warped: [
          [1, 3, 2, 4],
          [2, 6, 10, 12, 6, 10, 14, 16, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 4, 8, 0, 0, 2, 4],
        ],
      },
    ),
    // The left cell stays, the right one reads a quarter of the picture to the left: pixels 0, 0.75, 1.25 and 2.
    kernelCase(
      "warp-image: two cells, corners aligned",
      {
        image: [
          [1, 3, 1, 4],
          [0, 4, 8, 16, 1, 1, 1, 1, 8, 0, 8, 0],
        ],
        flow: [
          [1, 1, 2, 2],
          [-1, 0, 0, 0],
        ],
      },
      (g, { image, flow }) => ({ warped: warpImageOnnx(g, image, flow, { alignCorners: true }) }),
      {
        warped: [
          [1, 3, 1, 4],
          [0, 3, 5, 8, 1, 1, 1, 1, 8, 2, 2, 8],
        ],
      },
    ),
  ];
}
