import { type KnownGraph, known, upTo } from "./known-graph.ts";

/** Numbers that go elsewhere and stay what they are. */
export function rearrangementGraphs(): KnownGraph[] {
  return [
    known(
      "gather, concat, slice",
      [
        [1, 2, 3, 4, 5, 6],
        [2, 3],
      ],
      [
        [1, 2, 4, 5],
        [2, 2],
      ],
      (g, x) => {
        const picked = g.node("Gather", [x, g.ints([2, 0])], [2, 2], { axis: 1 }); // 3 1, 6 4
        const joined = g.node("Concat", [picked, x], [2, 5], { axis: 1 }); // 3 1 1 2 3, 6 4 4 5 6
        return g.node("Slice", [joined, ...[1, 5, 1, 2].map((value) => g.ints([value]))], [2, 2]);
      },
    ),
    known(
      "concat of channels",
      [upTo(4), [1, 1, 2, 2]],
      [
        [9, 8, 7, 6, 1, 2, 3, 4],
        [1, 2, 2, 2],
      ],
      (g, x) => g.node("Concat", [g.floats([9, 8, 7, 6], [1, 1, 2, 2]), x], [1, 2, 2, 2], { axis: 1 }),
    ),
    known(
      "channels last",
      [upTo(12), [1, 2, 2, 3]],
      [
        [1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12],
        [1, 2, 3, 2],
      ],
      (g, x) => g.node("Transpose", [x], [1, 2, 3, 2], { perm: [0, 2, 3, 1] }),
    ),
    known(
      "expand",
      [
        [1, 2],
        [1, 2, 1],
      ],
      [
        [1, 1, 2, 2, 1, 1, 2, 2],
        [2, 2, 2],
      ],
      (g, x) => g.node("Expand", [x, g.ints([2, 2, 2])], [2, 2, 2]),
    ),
  ];
}
