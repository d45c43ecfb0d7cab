import type { GraphBuilder, Value } from "@bunraku/backends/onnx";

/** `combineMotions` as a piece of a graph. `[K + 1, H, W, 2]`, `[1, K + 1, H, W]` → `[1, H, W, 2]` */
export function combineMotionsOnnx(g: GraphBuilder, motions: Value, masks: Value): Value {
  const [count, height, width] = motions.dims as [number, number, number, number];
  const shares = g.node("Reshape", [masks, g.ints([count, height, width, 1])], [count, height, width, 1]);
  const shared = g.node("Mul", [motions, shares], motions.dims);
  return g.node("ReduceSum", [shared, g.ints([0])], [1, height, width, 2], { keepdims: 1 });
}
