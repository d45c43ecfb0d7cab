import { float, type GraphBuilder, type Value } from "@bunraku/backends/onnx";
import { coordinatesOnnx } from "../coordinates/coordinates.onnx.ts";
import { heatmapsOnnx } from "../soft-argmax/soft-argmax.onnx.ts";
import { heatmapFloor } from "./heatmap-moments.ts";

/** `heatmapMoments` as a piece of a graph: matrix products with the coordinates. `[1, K, H, W]` → `[K, 2]`, `[K, 2, 2]` */
export function heatmapMomentsOnnx(g: GraphBuilder, heatmaps: Value): { points: Value; covariances: Value } {
  const [, keypoints, height, width] = heatmaps.dims as [number, number, number, number];
  const positions = height * width;
  const grid = coordinatesOnnx(g, { height, width });
  const flat = g.node("Reshape", [heatmaps, g.ints([keypoints, positions])], [keypoints, positions]);
  const shares = g.node("Add", [flat, g.floats([heatmapFloor])], flat.dims);
  const points = g.node("MatMul", [shares, grid], [keypoints, 2]);

  const means = g.node("Reshape", [points, g.ints([keypoints, 1, 2])], [keypoints, 1, 2]);
  const offsets = g.node("Sub", [grid, means], [keypoints, positions, 2]);
  const columns = g.node("Reshape", [shares, g.ints([keypoints, positions, 1])], [keypoints, positions, 1]);
  const weighted = g.node("Mul", [offsets, columns], offsets.dims);
  const rows = g.node("Transpose", [weighted], [keypoints, 2, positions], { perm: [0, 2, 1] });
  return { points, covariances: g.node("MatMul", [rows, offsets], [keypoints, 2, 2]) };
}

/**
 * `heatmapsOf` and `heatmapMoments` as the piece "heatmap-moments", which a backend may do at once.
 *
 * @param scores `[1, K, H, W]`
 */
export function heatmapMomentsPieceOnnx(
  g: GraphBuilder,
  scores: Value,
  { temperature }: { temperature: number },
): { heatmaps: Value; points: Value; covariances: Value } {
  const build = () => {
    const heatmaps = heatmapsOnnx(g, scores, { temperature });
    const { points, covariances } = heatmapMomentsOnnx(g, heatmaps);
    return [heatmaps, points, covariances] as const;
  };
  const attributes = { temperature: float(temperature) };
  const [heatmaps, points, covariances] = g.piece("heatmap-moments", [scores], build, attributes);
  return { heatmaps, points, covariances };
}
