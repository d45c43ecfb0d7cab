import { type KernelCase, kernelCase, type Numbers } from "@bunraku/backends/webgpu";
import { sparseMotionsOnnx } from "./sparse-motions.onnx.ts";

/** 2 rows of 3: x is -1, 0, 1 and y -1, 1. */
const size = { height: 2, width: 3 };
const grid = [-1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1];

/** Two keypoints; the first drives from the middle of the lower row, the second from the left of the upper row. */
const source: Numbers = [
  [2, 2],
  [0.5, 0.25, -0.5, 4],
];
const driving: Numbers = [
  [2, 2],
  [0, 1, -1, -1],
];
const jacobians: Numbers = [
  [2, 2, 2],
  [2, 3, 5, 7, 1, 0, 0, -1],
];

/** Cases of the piece "sparse-motions" with stored answers, worked out by hand. */
export function sparseMotionsCases(): readonly KernelCase[] {
  return [
    // Translations by s - d: (0.5, -0.75) and (0.5, 5).
    kernelCase(
      "sparse-motions: zeroth order",
      { source, driving },
      (g, { source, driving }) => ({ motions: sparseMotionsOnnx(g, source, driving, undefined, size) }),
      {
        motions: [
          [3, 2, 3, 2],
          [
            ...grid,
            ...[-0.5, -1.75, 0.5, -1.75, 1.5, -1.75, -0.5, 0.25, 0.5, 0.25, 1.5, 0.25],
            ...[-0.5, 4, 0.5, 4, 1.5, 4, -0.5, 6, 0.5, 6, 1.5, 6],
          ],
        ],
      },
    ),
    // Offsets from d are (-1 0 1, -2 0) and (0 1 2, 0 2).
    kernelCase(
      "sparse-motions: first order",
      { source, driving, jacobians },
      (g, { source, driving, jacobians }) => ({ motions: sparseMotionsOnnx(g, source, driving, jacobians, size) }),
      {
        motions: [
          [3, 2, 3, 2],
          [
            ...grid,
            ...[-7.5, -18.75, -5.5, -13.75, -3.5, -8.75, -1.5, -4.75, 0.5, 0.25, 2.5, 5.25],
            ...[-0.5, 4, 0.5, 4, 1.5, 4, -0.5, 2, 0.5, 2, 1.5, 2],
          ],
        ],
      },
    ),
    bent(),
  ];
}

/**
 * Matrices of zero: what is left are the anchors and the bends. The first driving point lies between pixels, and its
 * squared distances are 6.25 4.25 4.25 2.25 0.25 0.25; from the second they are 0 1 4 4 5 8. On a point, and at a distance
 * of 1, the thin plate does not bend.
 */
function bent(): KernelCase {
  const bend = (squared: number) => squared * Math.log(squared);
  const bends = [
    [bend(6.25), 0],
    [bend(4.25), 0],
    [bend(4.25), bend(4)],
    [bend(2.25), bend(4)],
    [bend(0.25), bend(5)],
    [bend(0.25), bend(8)],
  ] as const;
  return kernelCase(
    "sparse-motions: anchors and a spline",
    {
      source,
      driving: [
        [2, 2],
        [0.5, 1, -1, -1],
      ],
      jacobians: [
        [2, 2, 2],
        [0, 0, 0, 0, 0, 0, 0, 0],
      ],
      anchors: [
        [2, 2],
        [0.5, -0.5, 0.25, 1],
      ],
      // Of motion 1 around d_1 and d_2, then of motion 2.
      spline: [
        [2, 2, 2],
        [0.1, 0.2, -0.3, 0.4, 0, 0.5, 0.6, 0],
      ],
    },
    (g, { source, driving, jacobians, anchors, spline }) => ({
      motions: sparseMotionsOnnx(g, source, driving, jacobians, size, { anchors, spline }),
    }),
    {
      motions: [
        [3, 2, 3, 2],
        [
          ...grid,
          ...bends.flatMap(([one, two]) => [0.5 + 0.1 * one - 0.3 * two, -0.5 + 0.2 * one + 0.4 * two]),
          ...bends.flatMap(([one, two]) => [0.25 + 0.6 * two, 1 + 0.5 * one]),
        ],
      ],
    },
  );
}
