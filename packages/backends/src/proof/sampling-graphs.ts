import { type KnownGraph, known, upTo } from "./known-graph.ts";

/** Pictures made larger and smaller. */
export function resizingGraphs(): KnownGraph[] {
  const linear = (name: string, feed: Parameters<typeof known>[1], answer: Parameters<typeof known>[2]) =>
    known(name, feed, answer, (g, x) =>
      g.node("Resize", [x, undefined, undefined, g.ints(answer[1])], answer[1], {
        mode: "linear",
        coordinate_transformation_mode: "half_pixel",
      }),
    );
  return [
    known(
      "resize nearest",
      [
        [1, 2, 3, 4],
        [1, 1, 2, 2],
      ],
      [
        [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4],
        [1, 1, 4, 4],
      ],
      (g, x) =>
        g.node("Resize", [x, undefined, g.floats([1, 1, 2, 2])], [1, 1, 4, 4], {
          mode: "nearest",
          coordinate_transformation_mode: "asymmetric",
          nearest_mode: "floor",
        }),
    ),
    linear(
      "resize linear",
      [
        [0, 1, 0, 1],
        [1, 1, 2, 2],
      ],
      [
        [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1],
        [1, 1, 2, 4],
      ],
    ),
    linear(
      "resize linear, both ways",
      [
        [0, 4, 8, 12],
        [1, 1, 2, 2],
      ],
      [
        [0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12],
        [1, 1, 4, 4],
      ],
    ),
    linear(
      "resize linear, smaller",
      [
        [0, 2, 4, 6],
        [1, 1, 1, 4],
      ],
      [
        [1, 5],
        [1, 1, 1, 2],
      ],
    ),
    known("average pool", [upTo(9), [1, 1, 3, 3]], [[3], [1, 1, 1, 1]], (g, x) =>
      g.node("AveragePool", [x], [1, 1, 1, 1], { kernel_shape: [2, 2], strides: [2, 2] }),
    ),
  ];
}

/** GridSample as the models use it: corners, centre, and a place outside that reads zero. */
export function gridSampleGraphs(): KnownGraph[] {
  const attributes = (alignCorners: 0 | 1) => ({
    mode: "bilinear",
    padding_mode: "zeros",
    align_corners: alignCorners,
  });
  const sampled = (alignCorners: 0 | 1, answer: readonly number[]) =>
    known(
      `grid sample, align_corners ${alignCorners}`,
      [
        [1, 2, 3, 4],
        [1, 1, 2, 2],
      ],
      [answer, [1, 1, 1, 4]],
      (g, x) => {
        const grid = g.floats([-1, -1, 0, 0, 1, 1, 3, 0], [1, 1, 4, 2]);
        return g.node("GridSample", [x, grid], [1, 1, 1, 4], attributes(alignCorners));
      },
    );
  return [
    sampled(1, [1, 2.5, 4, 0]),
    sampled(0, [0.25, 2.5, 1, 0]),
    known(
      "grid sample of a batch",
      [
        [1, 2, 3, 4, 10, 20, 30, 40, 5, 6, 7, 8, 50, 60, 70, 80],
        [2, 2, 2, 2],
      ],
      [
        [2.5, 2, 25, 20, 7, 0, 70, 0],
        [2, 2, 1, 2],
      ],
      (g, x) => {
        // Of the first picture its middle and its upper right, of the second its lower left and nothing.
        const grid = g.floats([0, 0, 0.5, -0.5, -0.5, 0.5, 3, 3], [2, 1, 2, 2]);
        return g.node("GridSample", [x, grid], [2, 2, 1, 2], attributes(0));
      },
    ),
  ];
}
