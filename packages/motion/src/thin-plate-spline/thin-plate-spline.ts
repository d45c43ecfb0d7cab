import { BunrakuError, expectShape, type Tensor } from "@bunraku/backends";
import { identity2, type Matrix2 } from "@bunraku/keypoints";
import { solveLinear } from "./solve-linear.ts";
import { thinPlateKernel } from "./thin-plate-kernel.ts";

/** A smooth map of the plane: T(z) = offset + linear · z + Σ_j weights_j U(|z - points_j|), in float64. */
export interface ThinPlateSpline {
  /** `[K, 2]`, the centres: x, y of each control point */
  readonly points: Float64Array;
  /** `[K, 2]`, zero where the map is affine */
  readonly weights: Float64Array;
  readonly linear: Matrix2;
  readonly offset: readonly [x: number, y: number];
  /** What the control points allowed: too few, or on a line, they give no spline. */
  readonly fit: "spline" | "similarity" | "translation";
}

export interface ThinPlateOptions {
  /**
   * 0 goes through every point; more lets the map miss them to bend less, ever nearer to the best affine map. It is what
   * is added to the diagonal of the kernel matrix, in squared normalised units. @default 0
   */
  readonly stiffness?: number;
}

/**
 * Points nearer than this count as one, and points whose spread across a line is smaller count as on the line: an eighth
 * of a pixel of 256. Nearer ones would want weights that float32 cannot add up again.
 */
const nearest = 1e-3;

/**
 * The map that takes each point of `from` to that of `to` and bends least in between.
 *
 * Convention: for motion `from` are the driving keypoints and `to` the source's: like flow, it says where to read.
 *
 * Points that are nearer to each other than 1e-3 count as one, which moves by their mean. Three points give their affine
 * map. Two, or any number on a line, give the similarity (turn, scale, shift) that fits them best, one a translation,
 * none the identity: `fit` says so. Points that all move alike give exactly that translation.
 *
 * @param from `[K, 2]`
 * @param to `[K, 2]`
 * @throws `SHAPE`; `MOTION` when a point is not finite; `OPTION` for a stiffness below 0
 * @see Bookstein 1989, "Principal Warps"; the stiffness is Wahba's smoothing parameter
 * @example splineAt(thinPlateSpline(driving.points, source.points), 0, 0); // where the centre is read from
 */
export function thinPlateSpline(
  from: Tensor<"float32">,
  to: Tensor<"float32">,
  { stiffness = 0 }: ThinPlateOptions = {},
): ThinPlateSpline {
  const [count] = expectShape(from, ["K", 2], "thinPlateSpline from").dims;
  expectShape(to, [count, 2], "thinPlateSpline to");
  if (!(stiffness >= 0 && stiffness < Number.POSITIVE_INFINITY))
    throw new BunrakuError("OPTION", `stiffness: expected a number of at least 0, got ${stiffness}.`);
  const points = Float64Array.from(from.data);
  const moves = Float64Array.from(to.data, (value, i) => value - points[i]!);
  const wrong = moves.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new BunrakuError("MOTION", `thinPlateSpline: point ${Math.floor(wrong / 2)} is not a finite number.`);
  return fit(points, mergeNear(points, moves), stiffness);
}

/** One control point: which, where, and its displacement. */
interface Control {
  readonly index: number;
  x: number;
  y: number;
  moveX: number;
  moveY: number;
}

function fit(points: Float64Array, controls: Control[], stiffness: number): ThinPlateSpline {
  const weights = new Float64Array(points.length);
  const still: ThinPlateSpline = { points, weights, linear: identity2, offset: [0, 0], fit: "translation" };
  if (controls.length === 0) return still;
  const mean = (of: (control: Control) => number) =>
    controls.reduce((sum, control) => sum + of(control), 0) / controls.length;
  // Displacements are taken from the first one's, so that a translation is exact.
  const { moveX: firstX, moveY: firstY } = controls[0]!;
  const [centreX, centreY] = [mean(({ x }) => x), mean(({ y }) => y)];
  for (const control of controls) {
    control.x -= centreX;
    control.y -= centreY;
    control.moveX -= firstX;
    control.moveY -= firstY;
  }
  /** Displacement `first + base + slope · (z - centre)` as offset and linear part. */
  const affine = (base: readonly [number, number], [xx, xy, yx, yy]: Matrix2) => ({
    offset: [firstX + base[0] - xx * centreX - xy * centreY, firstY + base[1] - yx * centreX - yy * centreY] as const,
    linear: [1 + xx, 0 + xy, 0 + yx, 1 + yy] as const, // 0 + makes of -0 a 0
  });
  const together = [mean(({ moveX }) => moveX), mean(({ moveY }) => moveY)] as const;
  if (controls.length === 1) return { ...still, ...affine(together, [0, 0, 0, 0]) };
  const bent = controls.length > 2 && spreadAcross(controls) >= nearest && bend(controls, stiffness);
  if (!bent) return { ...still, ...affine(together, similarity(controls)), fit: "similarity" };
  for (const [row, { index }] of controls.entries()) weights.set(bent[row]!, 2 * index);
  const [base, alongX, alongY] = bent.slice(controls.length) as [Float64Array, Float64Array, Float64Array];
  const slope = [alongX[0]!, alongY[0]!, alongX[1]!, alongY[1]!] as const;
  return { points, weights, ...affine([base[0]!, base[1]!], slope), fit: "spline" };
}

/** The (K + 3)² system: weights per point, then constant and slopes; `undefined` where float64 cannot solve it. */
function bend(controls: readonly Control[], stiffness: number): Float64Array[] | undefined {
  const count = controls.length;
  const rows = controls.map(({ x, y, moveX, moveY }, i) => {
    const kernel = controls.map((other, j) =>
      i === j ? stiffness : thinPlateKernel((x - other.x) ** 2 + (y - other.y) ** 2),
    );
    return Float64Array.of(...kernel, 1, x, y, moveX, moveY);
  });
  // The weights bend and do not move: they sum to zero, and so do they times the points.
  const sides = [() => 1, ({ x }: Control) => x, ({ y }: Control) => y].map((of) =>
    Float64Array.of(...controls.map(of), 0, 0, 0, 0, 0),
  );
  const solution = solveLinear([...rows, ...sides]);
  return solution?.length === count + 3 ? solution : undefined;
}

/** The slope of displacement of the turn and scale that fits best: as complex numbers, Σ conj(z) w / Σ |z|². */
function similarity(controls: readonly Control[]): Matrix2 {
  let [real, imaginary, size] = [0, 0, 0];
  for (const { x, y, moveX, moveY } of controls) {
    real += x * moveX + y * moveY;
    imaginary += x * moveY - y * moveX;
    size += x * x + y * y;
  }
  return [real / size, -imaginary / size, imaginary / size, real / size];
}

/** The smaller standard deviation of centred points, over all directions. */
function spreadAcross(controls: readonly Control[]): number {
  let [xx, xy, yy] = [0, 0, 0];
  for (const { x, y } of controls) {
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const smaller = (xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy);
  return Math.sqrt(Math.max(0, smaller) / controls.length);
}

/** Control points apart from each other: of points nearer than `nearest` the first stays, with their mean displacement. */
function mergeNear(points: Float64Array, moves: Float64Array): Control[] {
  const groups: (Control & { size: number })[] = [];
  for (let index = 0; 2 * index < points.length; index++) {
    const [x, y, moveX, moveY] = [points[2 * index]!, points[2 * index + 1]!, moves[2 * index]!, moves[2 * index + 1]!];
    const near = groups.find((group) => Math.hypot(group.x - x, group.y - y) < nearest);
    if (!near) groups.push({ index, x, y, moveX, moveY, size: 1 });
    else {
      near.size++;
      near.moveX += (moveX - near.moveX) / near.size;
      near.moveY += (moveY - near.moveY) / near.size;
    }
  }
  return groups;
}
