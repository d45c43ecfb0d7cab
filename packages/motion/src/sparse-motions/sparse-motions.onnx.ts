import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { coordinatesOnnx } from "@bunraku/keypoints/onnx";
import type { Size } from "@bunraku/warp";
import { thinPlateKernelOnnx } from "../thin-plate-spline/thin-plate-kernel.onnx.ts";

/** `SplineTerms` as values of a graph. */
export interface SplineValues {
  /** `[K, 2]` */
  readonly anchors?: Value | undefined;
  /** `[K, K, 2]` */
  readonly spline?: Value | undefined;
}

/**
 * `sparseMotions` as the piece "sparse-motions", which a backend may do at once.
 *
 * `[K, 2]`, `[K, 2]`, `[K, 2, 2]` → `[K + 1, H, W, 2]`
 */
export function sparseMotionsOnnx(
  g: GraphBuilder,
  source: Value,
  driving: Value,
  jacobians: Value | undefined,
  size: Size,
  { anchors, spline }: SplineValues = {},
): Value {
  const build = () => [motionsOnnx(g, driving, jacobians, size, anchors ?? source, spline)] as const;
  return g.piece("sparse-motions", [source, driving, jacobians, anchors, spline], build)[0];
}

function motionsOnnx(
  g: GraphBuilder,
  driving: Value,
  jacobians: Value | undefined,
  { height, width }: Size,
  anchors: Value,
  spline: Value | undefined,
): Value {
  const count = driving.dims[0]!;
  const positions = height * width;
  const grid = coordinatesOnnx(g, { height, width });
  const perKeypoint = (points: Value) => g.node("Reshape", [points, g.ints([count, 1, 2])], [count, 1, 2]);
  const offsets = g.node("Sub", [grid, perKeypoint(driving)], [count, positions, 2]);
  let affine = offsets;
  if (jacobians) {
    // Offsets are rows here, so the matrices act from the right, transposed.
    const transposed = g.node("Transpose", [jacobians], [count, 2, 2], { perm: [0, 2, 1] });
    affine = g.node("MatMul", [offsets, transposed], offsets.dims);
  }
  let motions = g.node("Add", [affine, perKeypoint(anchors)], offsets.dims);
  if (spline) motions = g.node("Add", [motions, bendsOnnx(g, offsets, spline)], motions.dims);
  const background = g.node("Reshape", [grid, g.ints([1, positions, 2])], [1, positions, 2]);
  const all = g.node("Concat", [background, motions], [count + 1, positions, 2], { axis: 0 });
  const dims = [count + 1, height, width, 2];
  return g.node("Reshape", [all, g.ints(dims)], dims);
}

/** Σ_j spline[k, j] U(|z - d_j|): offsets from each d_j `[K, P, 2]`, `[K, K, 2]` → `[K, P, 2]` */
function bendsOnnx(g: GraphBuilder, offsets: Value, spline: Value): Value {
  const [count, positions] = offsets.dims as [number, number, number];
  const squares = g.node("Mul", [offsets, offsets], offsets.dims);
  const squared = g.node("ReduceSum", [squares, g.ints([2])], [count, positions], { keepdims: 0 });
  const kernels = g.node("Transpose", [thinPlateKernelOnnx(g, squared)], [positions, count], { perm: [1, 0] });
  return g.node("MatMul", [kernels, spline], [count, positions, 2]);
}
