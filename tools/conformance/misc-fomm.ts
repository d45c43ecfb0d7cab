import type { Tolerances } from "@bunraku/animate/testing";
import { type Backend, type Tensor, tensor } from "@bunraku/backends";
import { runPiece } from "@bunraku/backends/testing";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import {
  jacobianEquivariance,
  type ThinPlateTransform,
  transformJacobians,
  transformPoints,
} from "@bunraku/motion/equivariance";
import { identityGrid } from "@bunraku/warp";
import { antiAliasDownOnnx, gridSampleOnnx } from "@bunraku/warp/onnx";

/** The fixture of single operations of the first-order model (spec, appendix G): numbers of the original PyTorch code. */
export interface MiscFomm {
  readonly tps: {
    readonly theta: readonly number[];
    readonly control_params: readonly number[];
    readonly points: readonly number[];
    readonly warped: readonly number[];
    readonly jacobian: readonly number[];
    readonly frame_ac1: FrameSamples;
    readonly frame_ac0: FrameSamples;
  };
  readonly equivariance: {
    readonly J_driving: readonly number[];
    readonly J_transformed: readonly number[];
    readonly value: readonly number[];
  };
  readonly pyramid: Readonly<Record<string, PyramidLevel>>;
}

interface FrameSamples {
  readonly mean: readonly number[];
  readonly samples_yx: readonly (readonly [number, number])[];
  readonly values: readonly (readonly number[])[];
}

interface PyramidLevel {
  readonly shape: readonly number[];
  readonly mean: readonly number[];
  /** Each channel at (0, 0). */
  readonly corner: readonly number[];
  /** Each channel at half of the height and a third of the width. */
  readonly mid: readonly number[];
}

/** What was compared, in the shape of `GoldenRow`. */
export interface MiscRow {
  readonly mode: string;
  readonly field: string;
  readonly maxAbsError: number;
  readonly tolerance: number;
  readonly pass: boolean;
}

export function isMiscFomm(golden: object): golden is MiscFomm {
  return "tps" in golden && "equivariance" in golden && "pyramid" in golden;
}

/** What such a file holds and this runner does not compare: the discriminator, which only training needs. */
export function partsNotRun(golden: object): string[] {
  return Object.keys(golden).filter((part) => !["tps", "equivariance", "pyramid"].includes(part));
}

/** Thin-plate transforms, equivariance and the image pyramid; frames and the pyramid run on the backend. */
export async function* runMiscFomm(
  backend: Backend,
  { tps, equivariance, pyramid }: MiscFomm,
  tolerances: Pick<Tolerances, "deformed">,
): AsyncGenerator<MiscRow> {
  const transform: ThinPlateTransform = {
    affine: floats(tps.theta, [2, 3]),
    weights: floats(tps.control_params, [5, 5]),
  };
  const count = tps.points.length / 2;
  const places = floats(tps.points, [count, 2]);
  yield row("tps", "warped", farthest(transformPoints(transform, places).data, tps.warped), 1e-6);
  yield row("tps", "jacobian", farthest(transformJacobians(transform, places).data, tps.jacobian), 1e-6);

  const size = { height: 64, width: 64 };
  const image = proceduralImage(size, 2);
  const centres = tensor("float32", identityGrid(size).data, [size.height * size.width, 2]);
  const grid = tensor("float32", transformPoints(transform, centres).data, [1, size.height, size.width, 2]);
  for (const [mode, alignCorners] of [
    ["frame_ac1", true],
    ["frame_ac0", false],
  ] as const) {
    const options = { alignCorners, padding: "reflection" } as const;
    const frame = await runPiece(backend, (g, feeds) => gridSampleOnnx(g, feeds.image, feeds.grid, options), {
      image,
      grid,
    });
    const { mean, samples_yx, values } = tps[mode];
    const got = samples_yx.flatMap(([y, x]) => pixel(frame, y, x));
    yield row(`tps_${mode}`, "frame", farthest(got, values.flat()), tolerances.deformed);
    yield row(`tps_${mode}`, "mean", farthest([meanOf(frame.data)], mean), 1e-5);
  }

  // It was evaluated at the first place.
  const at = (jacobian: readonly number[]) => ({
    points: floats(tps.points.slice(0, 2), [1, 2]),
    jacobians: floats(jacobian, [1, 2, 2]),
  });
  const value = jacobianEquivariance(at(equivariance.J_driving), at(equivariance.J_transformed), transform);
  yield row("equivariance", "value", farthest([value], equivariance.value), 1e-6);

  for (const [name, { shape, mean, corner, mid }] of Object.entries(pyramid)) {
    const scale = Number(name.replace("prediction_", ""));
    const level = await runPiece(backend, (g, feeds) => antiAliasDownOnnx(g, feeds.image, scale), { image });
    yield row(`pyramid_${scale}`, "shape", farthest(level.dims, shape), 0);
    const [, , rows, columns] = level.dims as readonly [number, number, number, number];
    const got = [...pixel(level, 0, 0), ...pixel(level, Math.floor(rows / 2), Math.floor(columns / 3))];
    yield row(`pyramid_${scale}`, "level", farthest(got, [...corner, ...mid]), 1e-5);
    yield row(`pyramid_${scale}`, "mean", farthest([meanOf(level.data)], mean), 1e-5);
  }
}

function row(mode: string, field: string, maxAbsError: number, tolerance: number): MiscRow {
  return { mode, field, maxAbsError, tolerance, pass: maxAbsError <= tolerance };
}

function floats<const S extends readonly number[]>(values: readonly number[], dims: S): Tensor<"float32", S> {
  return tensor("float32", Float32Array.from(values), dims);
}

/** The three channels of `[1, 3, H, W]` at a place. */
function pixel({ dims, data }: Tensor<"float32">, y: number, x: number): number[] {
  const [, , height, width] = dims as readonly [number, number, number, number];
  return [0, 1, 2].map((channel) => data[(channel * height + y) * width + x]!);
}

function meanOf(data: Float32Array): number {
  let sum = 0;
  for (const value of data) sum += value;
  return sum / data.length;
}

/** The largest difference; infinite where there is nothing to compare, or not a number. */
function farthest(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (wanted.length === 0 || got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(got[i]! - wanted[i]!);
    largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
  }
  return largest;
}
