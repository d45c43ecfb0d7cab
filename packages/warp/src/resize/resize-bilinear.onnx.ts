import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import type { Size } from "./resize-bilinear.ts";

/** `resizeBilinear` as a piece of a graph. The same size is passed through. */
export function resizeBilinearOnnx(g: GraphBuilder, image: Value, { height, width }: Size): Value {
  const [batch, channels, inHeight, inWidth] = image.dims as [number, number, number, number];
  if (inHeight === height && inWidth === width) return image;
  const dims = [batch, channels, height, width];
  return g.node("Resize", [image, undefined, undefined, g.ints(dims)], dims, {
    mode: "linear",
    coordinate_transformation_mode: "half_pixel",
  });
}
