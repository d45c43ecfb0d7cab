import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { gridSampleOnnx } from "../grid-sample/grid-sample.onnx.ts";
import { resizeBilinearOnnx } from "../resize/resize-bilinear.onnx.ts";

/**
 * `warpImage` by the displacement of a flow, as the piece "warp-image" of a graph. A flow must be finite.
 *
 * @param image `[1, 3, H, W]`
 * @param flow `[1, h, w, 2]`
 */
export function warpImageOnnx(
  g: GraphBuilder,
  image: Value,
  flow: Value,
  { alignCorners }: { readonly alignCorners: boolean },
): Value {
  const [, , height, width] = image.dims as [1, 3, number, number];
  const [, rows, columns] = flow.dims as [1, number, number, 2];
  const build = () => {
    // A displacement is ((c + 1) (n - 1) / 2 - i) / n, or ((c + 1) n - 1) / 2 n - i / n; their offsets are the same.
    const factors = [columns, rows].map((cells) => (alignCorners ? (cells - 1) / cells : 1) / 2);
    const offsets = Array.from({ length: rows * columns }, (_, i) => [
      ((columns - 1) / 2 - (i % columns)) / columns,
      ((rows - 1) / 2 - Math.floor(i / columns)) / rows,
    ]);
    const scaled = g.node("Mul", [flow, g.floats(factors, [1, 1, 1, 2])], flow.dims);
    const cells = g.node("Add", [scaled, g.floats(offsets.flat(), [1, rows, columns, 2])], flow.dims);
    const planes = g.node("Transpose", [cells], [1, 2, rows, columns], { perm: [0, 3, 1, 2] });
    const large = resizeBilinearOnnx(g, planes, { height, width });
    const moves = g.node("Transpose", [large], [1, height, width, 2], { perm: [0, 2, 3, 1] });
    const places = Array.from({ length: height * width }, (_, i) => [
      (2 * (i % width) + 1) / width - 1,
      (2 * Math.floor(i / width) + 1) / height - 1,
    ]);
    const twice = g.node("Mul", [moves, g.floats([2])], moves.dims); // a picture is 2 wide
    const grid = g.node("Add", [twice, g.floats(places.flat(), [1, height, width, 2])], moves.dims);
    return [gridSampleOnnx(g, image, grid, { padding: "border", alignCorners: false })] as const;
  };
  return g.piece("warp-image", [image, flow], build, { align_corners: alignCorners ? 1 : 0 })[0];
}
