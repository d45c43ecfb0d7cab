import { type KernelCase, kernelCase } from "@bunraku/backends/webgpu";
import { heatmapMomentsPieceOnnx } from "./heatmap-moments.onnx.ts";

/**
 * A case of the piece "heatmap-moments" with stored answers, worked out by hand: two maps of 2 rows of 3. At a temperature
 * of 0.5, a score that is higher by 0.5 is e times as likely. The floor adds less than 1e-6.
 */
export function heatmapMomentsCases(): readonly KernelCase[] {
  const { E: e } = Math;
  // First: the last position, (1, 1), is likelier. The other five have its opposite as their sum.
  const away = (e - 1) / (5 + e);
  const first = {
    heatmap: [1, 1, 1, 1, 1, e].map((weight) => weight / (5 + e)),
    // Second moments: three quarters of x are ±1 in four positions, all y are ±1.
    xx: (3 + e) / (5 + e) - away ** 2,
    xy: away - away ** 2,
    yy: 1 - away ** 2,
  };
  // Second: half each at (-1, -1) and (0, -1), the others e^-40 times as likely. The mean is (-0.5, -1).
  const scores = [0, 0, 0, 0, 0, 0.5, 1000, 1000, 980, 980, 980, 980];
  return [
    kernelCase(
      "heatmap-moments: two keypoints",
      { scores: [[1, 2, 2, 3], scores] },
      (g, { scores }) => heatmapMomentsPieceOnnx(g, scores, { temperature: 0.5 }),
      {
        heatmaps: [
          [1, 2, 2, 3],
          [...first.heatmap, 0.5, 0.5, 0, 0, 0, 0],
        ],
        points: [
          [2, 2],
          [away, away, -0.5, -1],
        ],
        covariances: [
          [2, 2, 2],
          [first.xx, first.xy, first.xy, first.yy, 0.25, 0, 0, 0],
        ],
      },
    ),
  ];
}
