import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { resizeBilinearOnnx } from "@bunraku/warp/onnx";

/** `occlude` as a piece of a graph. */
export function occludeOnnx(g: GraphBuilder, features: Value, occlusion: Value): Value {
  const [, , height, width] = features.dims as [number, number, number, number];
  return g.node("Mul", [features, resizeBilinearOnnx(g, occlusion, { height, width })], features.dims);
}
