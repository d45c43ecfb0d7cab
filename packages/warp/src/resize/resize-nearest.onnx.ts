import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import type { Size } from "./resize-bilinear.ts";
import { nearestIndices } from "./resize-nearest.ts";

/**
 * `resizeNearest` as a piece of a graph. The same size is passed through.
 *
 * The indices are baked in: where sides are not multiples, runtimes' Resize rounds otherwise than PyTorch.
 *
 * @param axes of rows and columns @default [2, 3], an image `[N, C, H, W]`; [1, 2] is a grid `[N, H, W, 2]`
 */
export function resizeNearestOnnx(
  g: GraphBuilder,
  image: Value,
  { height, width }: Size,
  axes: readonly [number, number] = [2, 3],
): Value {
  let x = image;
  for (const [i, to] of [height, width].entries()) {
    const axis = axes[i]!;
    const from = x.dims[axis]!;
    if (from === to) continue;
    const dims = x.dims.map((dim, at) => (at === axis ? to : dim));
    x = g.node("Gather", [x, g.ints([...nearestIndices(from, to)])], dims, { axis });
  }
  return x;
}
