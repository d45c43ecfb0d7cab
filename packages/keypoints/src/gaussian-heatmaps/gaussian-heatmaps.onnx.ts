import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import type { Size } from "@bunraku/warp";
import { coordinatesOnnx } from "../coordinates/coordinates.onnx.ts";

/** `gaussianHeatmaps` as a piece of a graph. `[K, 2]` → `[1, K, H, W]` */
export function gaussianHeatmapsOnnx(
  g: GraphBuilder,
  points: Value,
  { height, width }: Size,
  { variance }: { variance: number },
): Value {
  const keypoints = points.dims[0]!;
  const positions = height * width;
  const centres = g.node("Reshape", [points, g.ints([keypoints, 1, 2])], [keypoints, 1, 2]);
  const offsets = g.node("Sub", [coordinatesOnnx(g, { height, width }), centres], [keypoints, positions, 2]);
  const squares = g.node("Mul", [offsets, offsets], offsets.dims);
  const distances = g.node("ReduceSum", [squares, g.ints([2])], [keypoints, positions], { keepdims: 0 });
  const exponents = g.node("Mul", [distances, g.floats([-0.5 / variance])], distances.dims);
  const gaussians = g.node("Exp", [exponents], distances.dims);
  return g.node("Reshape", [gaussians, g.ints([1, keypoints, height, width])], [1, keypoints, height, width]);
}
