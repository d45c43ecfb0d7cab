import { softmax } from "@bunraku/backends/layers";
import { float, type GraphBuilder, type Value } from "@bunraku/backends/onnx";
import { coordinatesOnnx } from "../coordinates/coordinates.onnx.ts";

/** `heatmapsOf` as a piece of a graph. `[1, K, H, W]` → the same */
export function heatmapsOnnx(g: GraphBuilder, scores: Value, { temperature }: { temperature: number }): Value {
  const [, keypoints, height, width] = scores.dims as [number, number, number, number];
  const flat = g.node("Reshape", [scores, g.ints([1, keypoints, height * width])], [1, keypoints, height * width]);
  const cooled = g.node("Div", [flat, g.floats([temperature])], flat.dims);
  return g.node("Reshape", [softmax(g, cooled, 2), g.ints(scores.dims)], scores.dims);
}

/** `softArgmax` as a piece of a graph: one matrix product with the coordinates. `[1, K, H, W]` → `[K, 2]` */
export function softArgmaxOnnx(g: GraphBuilder, heatmaps: Value): Value {
  const [, keypoints, height, width] = heatmaps.dims as [number, number, number, number];
  const shares = g.node("Reshape", [heatmaps, g.ints([keypoints, height * width])], [keypoints, height * width]);
  return g.node("MatMul", [shares, coordinatesOnnx(g, { height, width })], [keypoints, 2]);
}

/** `poolJacobians` as a piece of a graph. `[1, K, H, W]`, `[1, 4 K or 4, H, W]` → `[K, 2, 2]` */
export function poolJacobiansOnnx(g: GraphBuilder, heatmaps: Value, entries: Value): Value {
  const [, keypoints, height, width] = heatmaps.dims as [number, number, number, number];
  const positions = height * width;
  const maps = entries.dims[1]! / 4; // K, or 1 that serves all
  const shares = g.node("Reshape", [heatmaps, g.ints([keypoints, positions, 1])], [keypoints, positions, 1]);
  const matrices = g.node("Reshape", [entries, g.ints([maps, 4, positions])], [maps, 4, positions]);
  const pooled = g.node("MatMul", [matrices, shares], [keypoints, 4, 1]);
  return g.node("Reshape", [pooled, g.ints([keypoints, 2, 2])], [keypoints, 2, 2]);
}

/** What a soft argmax yields. */
export interface SoftArgmaxValues {
  /** `[1, K, H, W]` */
  readonly heatmaps: Value;
  /** `[K, 2]` */
  readonly points: Value;
  /** `[K, 2, 2]` */
  readonly jacobians: Value;
}

/**
 * `heatmapsOf`, `softArgmax` and, where there are entries, `poolJacobians` as the piece "soft-argmax", which a backend may
 * do at once.
 *
 * @param scores `[1, K, H, W]`
 * @param entries `[1, 4 K or 4, H, W]`
 */
export function softArgmaxPieceOnnx<Entries extends Value | undefined>(
  g: GraphBuilder,
  scores: Value,
  entries: Entries,
  { temperature }: { temperature: number },
): Entries extends Value ? SoftArgmaxValues : Omit<SoftArgmaxValues, "jacobians">;
export function softArgmaxPieceOnnx(
  g: GraphBuilder,
  scores: Value,
  entries: Value | undefined,
  { temperature }: { temperature: number },
): Omit<SoftArgmaxValues, "jacobians"> & { jacobians?: Value } {
  const build = () => {
    const heatmaps = heatmapsOnnx(g, scores, { temperature });
    const points = softArgmaxOnnx(g, heatmaps);
    return entries ? [heatmaps, points, poolJacobiansOnnx(g, heatmaps, entries)] : [heatmaps, points];
  };
  const inputs = entries ? [scores, entries] : [scores];
  const [heatmaps, points, jacobians] = g.piece("soft-argmax", inputs, build, { temperature: float(temperature) });
  return { heatmaps: heatmaps!, points: points!, ...(jacobians && { jacobians }) };
}
