import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import type { Size } from "@bunraku/warp";
import { gridSampleOnnx, resizeBilinearOnnx, resizeNearestOnnx } from "@bunraku/warp/onnx";

export interface DeformOptions {
  readonly alignCorners: boolean;
  /** How a flow of another size is brought to that of the picture. @default "bilinear" */
  readonly interpolation?: "bilinear" | "nearest";
}

/**
 * Warps features (or a picture) by a flow of any size: the flow is resized to their size first.
 *
 * @param x `[1, C, H, W]`
 * @param flow `[1, h, w, 2]`
 * @see spec 1.6, step 4, and 1M.5, step 3
 */
export function deformOnnx(
  g: GraphBuilder,
  x: Value,
  flow: Value,
  { alignCorners, interpolation = "bilinear" }: DeformOptions,
): Value {
  const [, , height, width] = x.dims as [number, number, number, number];
  const resize = interpolation === "nearest" ? flowNearest : flowBilinear;
  return gridSampleOnnx(g, x, resize(g, flow, { height, width }), { alignCorners });
}

function flowNearest(g: GraphBuilder, flow: Value, size: Size): Value {
  return resizeNearestOnnx(g, flow, size, [1, 2]);
}

function flowBilinear(g: GraphBuilder, flow: Value, { height, width }: Size): Value {
  const [, flowHeight, flowWidth] = flow.dims as [number, number, number, number];
  if (flowHeight === height && flowWidth === width) return flow;
  const planes = g.node("Transpose", [flow], [1, 2, flowHeight, flowWidth], { perm: [0, 3, 1, 2] });
  const resized = resizeBilinearOnnx(g, planes, { height, width });
  return g.node("Transpose", [resized], [1, height, width, 2], { perm: [0, 2, 3, 1] });
}
