import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { coordinatesOnnx } from "@bunraku/keypoints/onnx";
import type { Size } from "@bunraku/warp";

/** `sparseMotions` as a piece of a graph. `[K, 2]`, `[K, 2]`, `[K, 2, 2]` → `[K + 1, H, W, 2]` */
export function sparseMotionsOnnx(
  g: GraphBuilder,
  source: Value,
  driving: Value,
  jacobians: Value | undefined,
  { height, width }: Size,
): Value {
  const count = source.dims[0]!;
  const positions = height * width;
  const grid = coordinatesOnnx(g, { height, width });
  const perKeypoint = (points: Value) => g.node("Reshape", [points, g.ints([count, 1, 2])], [count, 1, 2]);
  let offsets = g.node("Sub", [grid, perKeypoint(driving)], [count, positions, 2]);
  if (jacobians) {
    // Offsets are rows here, so the matrices act from the right, transposed.
    const transposed = g.node("Transpose", [jacobians], [count, 2, 2], { perm: [0, 2, 1] });
    offsets = g.node("MatMul", [offsets, transposed], offsets.dims);
  }
  const motions = g.node("Add", [offsets, perKeypoint(source)], offsets.dims);
  const background = g.node("Reshape", [grid, g.ints([1, positions, 2])], [1, positions, 2]);
  const all = g.node("Concat", [background, motions], [count + 1, positions, 2], { axis: 0 });
  const dims = [count + 1, height, width, 2];
  return g.node("Reshape", [all, g.ints(dims)], dims);
}
