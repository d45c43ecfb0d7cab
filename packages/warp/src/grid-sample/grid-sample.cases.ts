import { type KernelCase, kernelCase, type Numbers } from "@bunraku/backends/webgpu";

/** Two rows of three: neither square nor symmetric, so that swapped axes show. */
const picture: Numbers = [
  [1, 1, 2, 3],
  [1, 2, 4, 10, 20, 40],
];

/** Cases of GridSample with stored answers, worked out by hand. */
export function gridSampleCases(): readonly KernelCase[] {
  return [
    // Aligned, a column is one unit and a row two. The centre of the last pixel; half-way down the first column; a quarter
    // of a pixel left of it, which fades; half a row above the middle column; two pixels away.
    sample("GridSample: zeros, aligned", { padding_mode: "zeros", align_corners: 1 }, picture, [
      [[1, 1], 40],
      [[-1, 0], 5.5],
      [[-1.25, 0], 4.125],
      [[0, -2], 1],
      [[3, 0], 0],
    ]),
    // Unaligned, places are 1.5 x + 1 and y + 0.5: the middle; the left edge, half of it outside; a corner, three quarters.
    sample("GridSample: zeros, not aligned", {}, picture, [
      [[0, 0], 11],
      [[-1, 0.5], 5],
      [[1, -1], 1],
      [[-0.5, 0.5], 12.5],
    ]),
    sample("GridSample: border, not aligned", { padding_mode: "border" }, picture, [
      [[-9, 0], 5.5],
      [[9, 9], 40],
      [[1, -1], 4],
      [[-0.5, 7], 12.5],
    ]),
    // Mirrors stand on the outer edges: pixel -1 is pixel 0, -2 is 1, 3 is 2, and 6 is 0 again; row 2 is row 1.
    sample("GridSample: reflection, not aligned", { padding_mode: "reflection" }, picture, [
      [[-4 / 3, -0.5], 1],
      [[-2, -0.5], 2],
      [[4 / 3, 1.5], 40],
      [[10 / 3, -0.5], 1],
    ]),
    // Mirrors stand on the outermost centres: column -1 is column 1, column 3 is column 1, column 4 is column 0; row 2 is row 0.
    sample("GridSample: reflection, aligned", { padding_mode: "reflection", align_corners: 1 }, picture, [
      [[-2, -1], 2],
      [[2, -1], 2],
      [[3, 1], 10],
      [[0, 3], 2],
    ]),
    kernelCase(
      "GridSample: a batch of two with two channels",
      {
        image: [
          [2, 2, 1, 2],
          [1, 2, 10, 20, 3, 4, 30, 40],
        ],
        grid: [
          [2, 1, 1, 2],
          [1, 0, -1, 0],
        ],
      },
      (g, { image, grid }) => ({ moved: g.node("GridSample", [image, grid], [2, 2, 1, 1], { align_corners: 1 }) }),
      {
        moved: [
          [2, 2, 1, 1],
          [2, 20, 3, 30],
        ],
      },
    ),
  ];
}

function sample(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  image: Numbers,
  answers: readonly (readonly [place: readonly [x: number, y: number], value: number])[],
): KernelCase {
  return kernelCase(
    name,
    { image, grid: [[1, 1, answers.length, 2], answers.flatMap(([place]) => place)] },
    (g, { image, grid }) => ({ moved: g.node("GridSample", [image, grid], [1, 1, 1, answers.length], attributes) }),
    { moved: [[1, 1, 1, answers.length], answers.map(([, value]) => value)] },
  );
}
