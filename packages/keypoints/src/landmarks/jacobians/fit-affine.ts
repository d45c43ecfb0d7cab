import { identity2, type Matrix2 } from "../../matrix2/matrix2.ts";

/** An affine map: q = to + matrix · (p - from). */
export interface AffineFit {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly matrix: Matrix2;
}

/** Neighbours that are closer than this (half a picture is 1) tell a place, but no direction. */
const smallestSpread = 1e-3;

/**
 * The affine map that brings points p_j nearest to q_j, by weighted least squares.
 *
 * With `anchor` it goes through p_anchor and q_anchor exactly; else through the weighted means. `undefined` when no
 * weight is left.
 *
 * Where points lie nearly on a line, they do not say what happens across it. There the fit is drawn to a similarity (what
 * turns and scales alike): wholly on a line, not at all once the spread across is √`ridge` of that along. Where they lie
 * nearly in one place, the similarity is drawn to the identity. Any affine map of points that are spread out is found
 * exactly. Computed in float64.
 */
export function fitAffine(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  weights: ArrayLike<number>,
  { anchor, ridge }: { anchor?: number | undefined; ridge: number },
): AffineFit | undefined {
  let total = 0;
  let [px, py, qx, qy] = [0, 0, 0, 0];
  for (let j = 0; j < weights.length; j++) {
    const weight = weights[j]!;
    if (weight === 0) continue;
    total += weight;
    px += weight * p[2 * j]!;
    py += weight * p[2 * j + 1]!;
    qx += weight * q[2 * j]!;
    qy += weight * q[2 * j + 1]!;
  }
  if (!(total > 0)) return undefined;
  if (anchor === undefined) {
    px /= total;
    py /= total;
    qx /= total;
    qy /= total;
  } else {
    px = p[2 * anchor]!;
    py = p[2 * anchor + 1]!;
    qx = q[2 * anchor]!;
    qy = q[2 * anchor + 1]!;
  }
  // Moments: S = Σ w d dᵀ of the offsets d = p_j - from, and B = Σ w e dᵀ with e = q_j - to.
  let [sxx, sxy, syy] = [0, 0, 0];
  let [bxx, bxy, byx, byy] = [0, 0, 0, 0];
  for (let j = 0; j < weights.length; j++) {
    const weight = weights[j]! / total;
    if (weight === 0) continue;
    const dx = p[2 * j]! - px;
    const dy = p[2 * j + 1]! - py;
    const ex = weight * (q[2 * j]! - qx);
    const ey = weight * (q[2 * j + 1]! - qy);
    sxx += weight * dx * dx;
    sxy += weight * dx * dy;
    syy += weight * dy * dy;
    bxx += ex * dx;
    bxy += ex * dy;
    byx += ey * dx;
    byy += ey * dy;
  }
  return { from: [px, py], to: [qx, qy], matrix: solve([sxx, sxy, syy], [bxx, bxy, byx, byy], ridge) };
}

function solve([sxx, sxy, syy]: readonly [number, number, number], b: Matrix2, ridge: number): Matrix2 {
  const spread = sxx + syy;
  const lift = Math.max(0, smallestSpread ** 2 - spread);
  if (spread + lift === 0) return identity2;
  const cos = (b[0] + b[3] + lift) / (spread + lift);
  const sin = (b[2] - b[1]) / (spread + lift);
  if (spread === 0) return [cos, 0 - sin, sin, cos]; // 0 - 0 is 0, and -0 is not

  // In the frame of the principal axes the least squares of each axis stand alone: J · axis = (B · axis) / eigenvalue.
  const angle = Math.atan2(2 * sxy, sxx - syy) / 2;
  const [ax, ay] = [Math.cos(angle), Math.sin(angle)];
  const major = sxx * ax * ax + 2 * sxy * ax * ay + syy * ay * ay;
  const minor = Math.max(0, spread - major);
  const enough = Math.max(ridge * major, smallestSpread ** 2 / 2);
  const along = column(b, [ax, ay], major, [cos, sin], enough);
  const across = column(b, [-ay, ax], minor, [cos, sin], enough);
  return [
    along[0] * ax - across[0] * ay,
    along[0] * ay + across[0] * ax,
    along[1] * ax - across[1] * ay,
    along[1] * ay + across[1] * ax,
  ];
}

/** J · axis, drawn to the similarity [cos, -sin, sin, cos] as far as `eigenvalue` falls short of `enough`. */
function column(
  [xx, xy, yx, yy]: Matrix2,
  [x, y]: readonly [number, number],
  eigenvalue: number,
  [cos, sin]: readonly [number, number],
  enough: number,
): [number, number] {
  const pull = Math.max(0, enough - eigenvalue);
  return [
    (xx * x + xy * y + pull * (cos * x - sin * y)) / (eigenvalue + pull),
    (yx * x + yy * y + pull * (sin * x + cos * y)) / (eigenvalue + pull),
  ];
}
