import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { gridSampleOnnx, resizeBilinearOnnx } from "@bunraku/warp/onnx";

/**
 * Warps features (or a picture) by a flow of any size: the flow is resized to their size first.
 *
 * @param x `[1, C, H, W]`
 * @param flow `[1, h, w, 2]`
 * @see spec 1.6, step 4
 */
export function deformOnnx(g: GraphBuilder, x: Value, flow: Value, { alignCorners }: { alignCorners: boolean }): Value {
  const [, , height, width] = x.dims as [number, number, number, number];
  const [, flowHeight, flowWidth] = flow.dims as [number, number, number, number];
  if (flowHeight === height && flowWidth === width) return gridSampleOnnx(g, x, flow, { alignCorners });
  const planes = g.node("Transpose", [flow], [1, 2, flowHeight, flowWidth], { perm: [0, 3, 1, 2] });
  const resized = resizeBilinearOnnx(g, planes, { height, width });
  const grid = g.node("Transpose", [resized], [1, height, width, 2], { perm: [0, 2, 3, 1] });
  return gridSampleOnnx(g, x, grid, { alignCorners });
}
