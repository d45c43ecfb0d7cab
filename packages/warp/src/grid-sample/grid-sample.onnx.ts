import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import type { GridSampleOptions } from "./grid-sample.ts";

/**
 * `gridSample` as a piece of a graph.
 *
 * Aligned corners are written as a scaled grid: with x' = x (W - 1)/W the unaligned rule reads the same pixels, and
 * onnxruntime's CPU kernel for it is six times faster. Mirrors stand elsewhere by that rule, so reflection is as it is.
 *
 * @param image `[N, C, H, W]`
 * @param grid `[N, Ho, Wo, 2]`
 */
export function gridSampleOnnx(
  g: GraphBuilder,
  image: Value,
  grid: Value,
  { padding = "zeros", alignCorners = false }: GridSampleOptions = {},
): Value {
  const [batch, channels, height, width] = image.dims as [number, number, number, number];
  const [, outHeight, outWidth] = grid.dims as [number, number, number, number];
  const scaled = alignCorners && padding !== "reflection";
  const places = scaled
    ? g.node("Mul", [grid, g.floats([(width - 1) / width, (height - 1) / height], [1, 1, 1, 2])], grid.dims)
    : grid;
  return g.node("GridSample", [image, places], [batch, channels, outHeight, outWidth], {
    mode: "bilinear",
    padding_mode: padding,
    align_corners: alignCorners && !scaled ? 1 : 0,
  });
}
