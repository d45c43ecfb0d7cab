import { type KernelCase, kernelCase } from "@bunraku/backends/webgpu";
import { gaussianHeatmapsOnnx } from "./gaussian-heatmaps.onnx.ts";

/**
 * Cases of the piece "gaussian-heatmaps" with stored answers: two points on maps of 2 rows of 3. The first is the middle
 * of the lower row, (0, 1), the second the upper right corner, (1, -1).
 */
export function gaussianHeatmapsCases(): readonly KernelCase[] {
  const size = { height: 2, width: 3 };
  const points = [
    [2, 2],
    [0, 1, 1, -1],
  ] as const;
  const exponentials = (...exponents: number[]) => [[1, 2, 2, 3], exponents.map(Math.exp)] as const;
  return [
    kernelCase(
      "gaussian-heatmaps: one variance for all",
      { points },
      (g, { points }) => ({ heatmaps: gaussianHeatmapsOnnx(g, points, size, { variance: 2 }) }),
      // A quarter of the squared distances: 5 4 5 1 0 1 and 4 1 0 8 5 4.
      { heatmaps: exponentials(-1.25, -1, -1.25, -0.25, 0, -0.25, -1, -0.25, 0, -2, -1.25, -1) },
    ),
    kernelCase(
      "gaussian-heatmaps: by precisions",
      {
        points,
        precisions: [
          [2, 2, 2],
          [2, 0.25, 0.25, 0.5, 1, 0, 0, 4],
        ],
      },
      (g, { points, precisions }) => ({ heatmaps: gaussianHeatmapsOnnx(g, points, size, { precisions }) }),
      // First: 2 x² + x y / 2 + y² / 2 of (±1 or 0, -2 or 0), halved. Second: x² + 4 y² of (-2 to 0, 0 or 2), halved.
      { heatmaps: exponentials(-2.5, -1, -1.5, -1, 0, -1, -2, -0.5, 0, -10, -8.5, -8) },
    ),
  ];
}
