import { float, type GraphBuilder, type Value } from "@bunraku/backends/onnx";
import type { Size } from "@bunraku/warp";
import { coordinatesOnnx } from "../coordinates/coordinates.onnx.ts";

/** How wide gaussians are: all alike, or by `precisions` `[K, 2, 2]`. */
export type GaussianWidth = { readonly variance: number } | { readonly precisions: Value };

/** `gaussianHeatmaps` as the piece "gaussian-heatmaps", which a backend may do at once. `[K, 2]` → `[1, K, H, W]` */
export function gaussianHeatmapsOnnx(g: GraphBuilder, points: Value, size: Size, spread: GaussianWidth): Value {
  const byPrecisions = "precisions" in spread;
  const inputs = byPrecisions ? [points, spread.precisions] : [points];
  const attributes = byPrecisions ? {} : { variance: float(spread.variance) };
  const [heatmaps] = g.piece("gaussian-heatmaps", inputs, () => [gaussians(g, points, size, spread)], attributes);
  return heatmaps;
}

function gaussians(g: GraphBuilder, points: Value, { height, width }: Size, spread: GaussianWidth): Value {
  const keypoints = points.dims[0]!;
  const positions = height * width;
  const centres = g.node("Reshape", [points, g.ints([keypoints, 1, 2])], [keypoints, 1, 2]);
  const offsets = g.node("Sub", [coordinatesOnnx(g, { height, width }), centres], [keypoints, positions, 2]);
  // A precision acts from the right on rows: it is symmetric, or the quadratic form does not care.
  const turned = "precisions" in spread ? g.node("MatMul", [offsets, spread.precisions], offsets.dims) : offsets;
  const squares = g.node("Mul", [turned, offsets], offsets.dims);
  const distances = g.node("ReduceSum", [squares, g.ints([2])], [keypoints, positions], { keepdims: 0 });
  const factor = "precisions" in spread ? -0.5 : -0.5 / spread.variance;
  const exponents = g.node("Mul", [distances, g.floats([factor])], distances.dims);
  const gaussians = g.node("Exp", [exponents], distances.dims);
  return g.node("Reshape", [gaussians, g.ints([1, keypoints, height, width])], [1, keypoints, height, width]);
}
