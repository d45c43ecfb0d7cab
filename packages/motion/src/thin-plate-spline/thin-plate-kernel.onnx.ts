import type { GraphBuilder, Value } from "@bunraku/backends/onnx";

/** `thinPlateKernel` as a piece of a graph: squared distances of any dims, element by element. */
export function thinPlateKernelOnnx(g: GraphBuilder, squared: Value): Value {
  // The smallest number keeps the logarithm finite on a centre, where it is multiplied by 0.
  const above = g.node("Max", [squared, g.floats([1e-30], [])], squared.dims);
  const logarithm = g.node("Log", [above], squared.dims);
  return g.node("Mul", [squared, logarithm], squared.dims);
}
