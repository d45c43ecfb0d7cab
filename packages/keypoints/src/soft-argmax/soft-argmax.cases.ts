import { type KernelCase, kernelCase } from "@bunraku/backends/webgpu";
import { softArgmaxPieceOnnx } from "./soft-argmax.onnx.ts";

const e = Math.E;

/**
 * Cases of the piece "soft-argmax" with stored answers: two maps of 2 rows of 3. At a temperature of 0.5, a score that is
 * higher by 0.5 is e times as likely.
 */
export function softArgmaxCases(): readonly KernelCase[] {
  const scores = [
    [1, 2, 2, 3],
    // First: the upper right is likelier. Second: the first is, and all exponentials would be infinite.
    [0, 0, 0.5, 0, 0, 0, 1000.5, 1000, 1000, 1000, 1000, 1000],
  ] as const;
  const heatmaps = [[1, 2, 2, 3], [1, 1, e, 1, 1, 1, e, 1, 1, 1, 1, 1].map((weight) => weight / (5 + e))] as const;
  const away = (e - 1) / (5 + e); // by which a corner draws the mean to it: all six together are (0, 0)
  const points = [
    [2, 2],
    [away, -away, -away, -away],
  ] as const;
  // At the upper right entry c of map m is (5 + e) (10 m + c + 1), elsewhere 0.
  const entries = (maps: number) =>
    Array.from({ length: 24 * maps }, (_, i) =>
      i % 6 === 2 ? (5 + e) * (10 * Math.floor(i / 24) + (Math.floor(i / 6) % 4) + 1) : 0,
    );
  const options = { temperature: 0.5 };
  return [
    kernelCase(
      "soft-argmax: points alone",
      { scores },
      (g, { scores }) => {
        const { heatmaps, points } = softArgmaxPieceOnnx(g, scores, undefined, options);
        return { heatmaps, points };
      },
      { heatmaps, points },
    ),
    kernelCase(
      "soft-argmax: a map of jacobians each",
      { scores, entries: [[1, 8, 2, 3], entries(2)] },
      (g, { scores, entries }) => softArgmaxPieceOnnx(g, scores, entries, options),
      {
        heatmaps,
        points,
        jacobians: [
          [2, 2, 2],
          [e, 2 * e, 3 * e, 4 * e, 11, 12, 13, 14],
        ],
      },
    ),
    kernelCase(
      "soft-argmax: a map of jacobians for all",
      { scores, entries: [[1, 4, 2, 3], entries(1)] },
      (g, { scores, entries }) => softArgmaxPieceOnnx(g, scores, entries, options),
      {
        heatmaps,
        points,
        jacobians: [
          [2, 2, 2],
          [e, 2 * e, 3 * e, 4 * e, 1, 2, 3, 4],
        ],
      },
    ),
  ];
}
