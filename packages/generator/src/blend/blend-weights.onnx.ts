import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { resizeBilinearOnnx } from "@bunraku/warp/onnx";
import { comparingRadius, differenceRange, occlusionRange } from "./blend-weights.ts";

/**
 * `blendWeights` with its default ranges, as the piece "blend-weights" of a graph.
 *
 * @param warped `[1, 3, H, W]`
 * @param generated `[1, 3, H, W]`
 * @param occlusion `[1, 1, h, w]`; absent when the model estimates none
 * @returns `[1, 1, H, W]`
 */
export function blendWeightsOnnx(g: GraphBuilder, warped: Value, generated: Value, occlusion?: Value): Value {
  const [, , height, width] = warped.dims as [1, 3, number, number];
  const dims = [1, 1, height, width];
  const build = () => {
    const radius = comparingRadius({ height, width });
    const difference = g.node("Sub", [generated, warped], warped.dims);
    const soft = boxBlurOnnx(g, boxBlurOnnx(g, difference, radius), radius);
    const squares = g.node("Mul", [soft, soft], soft.dims);
    const mean = g.node("ReduceMean", [squares], dims, { axes: [1], keepdims: 1 });
    const different = smoothstepOnnx(g, g.node("Sqrt", [mean], dims), differenceRange);
    const alike = g.node("Sub", [g.floats([1]), different], dims);
    const seen = occlusion && smoothstepOnnx(g, resizeBilinearOnnx(g, occlusion, { height, width }), occlusionRange);
    const kept = seen ? g.node("Mul", [seen, alike], dims) : alike;
    return [boxBlurOnnx(g, g.node("Sub", [g.floats([1]), kept], dims), 1)] as const;
  };
  return g.piece("blend-weights", [warped, generated, occlusion], build)[0];
}

/** `boxBlur` of every plane: padding counts for nothing. */
function boxBlurOnnx(g: GraphBuilder, map: Value, radius: number): Value {
  const side = 2 * radius + 1;
  return g.node("AveragePool", [map], map.dims, { kernel_shape: [side, side], pads: Array(4).fill(radius) });
}

function smoothstepOnnx(g: GraphBuilder, value: Value, [from, to]: readonly [number, number]): Value {
  const { dims } = value;
  const scaled = g.node("Div", [g.node("Sub", [value, g.floats([from])], dims), g.floats([to - from])], dims);
  const t = g.node("Clip", [scaled, g.floats([0], []), g.floats([1], [])], dims);
  const bent = g.node("Sub", [g.floats([3]), g.node("Mul", [g.floats([2]), t], dims)], dims);
  return g.node("Mul", [g.node("Mul", [t, t], dims), bent], dims);
}
