import { type KernelCase, kernelCase } from "@bunraku/backends/webgpu";

/** Cases of Resize with stored answers, worked out by hand. */
export function resizeCases(): readonly KernelCase[] {
  return [
    // Columns read at -0.25, 0.25, 0.75, 1.25; the rows, three of which become two, at 0.25 and 1.75.
    kernelCase(
      "Resize: linear, wider and lower, two channels",
      {
        image: [
          [1, 2, 3, 2],
          [0, 8, 4, 16, 12, 20, 1, 1, 1, 1, 5, 5],
        ],
      },
      (g, { image }) => ({
        resized: g.node("Resize", [image, undefined, undefined, g.ints([1, 2, 2, 4])], [1, 2, 2, 4], {
          mode: "linear",
          coordinate_transformation_mode: "half_pixel",
        }),
      }),
      {
        resized: [
          [1, 2, 2, 4],
          [1, 3.25, 7.75, 10, 10, 12.25, 16.75, 19, 1, 1, 1, 1, 4, 4, 4, 4],
        ],
      },
    ),
    kernelCase(
      "Resize: nearest, twice as high and three times as wide, a batch of two",
      {
        image: [
          [2, 1, 1, 2],
          [1, 2, 3, 4],
        ],
      },
      (g, { image }) => ({
        resized: g.node("Resize", [image, undefined, g.floats([1, 1, 2, 3])], [2, 1, 2, 6], {
          mode: "nearest",
          coordinate_transformation_mode: "asymmetric",
          nearest_mode: "floor",
        }),
      }),
      {
        resized: [
          [2, 1, 2, 6],
          [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4],
        ],
      },
    ),
  ];
}
