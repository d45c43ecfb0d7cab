import { tensor } from "@bunraku/backends";
import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { identityGrid, type Size } from "@bunraku/warp";

/** The coordinates of every position as a constant `[H W, 2]`. */
export function coordinatesOnnx(g: GraphBuilder, size: Size): Value {
  const { data } = identityGrid(size);
  return g.constant(tensor("float32", data, [size.height * size.width, 2]), `grid_${size.height}x${size.width}`);
}
