import type { Size } from "../../resize/resize-bilinear.ts";
import { mix } from "../lookup/look-up.ts";

/** A displacement field at one place: its value and what it grows by per pixel. */
class Probe {
  u = 0;
  v = 0;
  ux = 0;
  uy = 0;
  vx = 0;
  vy = 0;
}

export interface InversionLimits {
  /** Steps at most. */
  readonly iterations: number;
  /** Distance in pixels that is near enough. */
  readonly tolerance: number;
}

/** Parts of Newton's step, tried in this order; after the whole step comes the fixed-point step. */
const parts = [1, 0.5, 0.25, 0.125];

/** Writes p to `into`, from a start at (startX, startY); returns the distance that is left, NaN without a number. */
export type PlaceInverter = (x: number, y: number, startX: number, startY: number, into: Float64Array) => number;

/**
 * A function that finds where a field reads a given place: p with p + d(p) = place.
 *
 * Each step is Newton's on the bilinear cell at hand, or the fixed-point step p ← place - d(p), whichever first comes
 * nearer. The fixed-point step always does where d changes by less than one pixel per pixel, so nothing is lost against
 * Chen et al., "A simple fixed-point approach to invert a deformation field" (2008); Newton goes on where it diverges.
 * Beyond the border, d is that of the border.
 *
 * @param field in pixels, `[height, width, 2]`
 */
export function placeInverter(
  field: ArrayLike<number>,
  size: Size,
  { iterations, tolerance }: InversionLimits,
): PlaceInverter {
  const here = new Probe();
  const there = new Probe();
  return (x, y, startX, startY, into) => {
    let px = startX;
    let py = startY;
    probe(field, size, px, py, here);
    let rx = px + here.u - x;
    let ry = py + here.v - y;
    let residual = Math.hypot(rx, ry);
    for (let step = 0; step < iterations && residual > tolerance; step++) {
      const determinant = (1 + here.ux) * (1 + here.vy) - here.uy * here.vx;
      const newtonX = ((1 + here.vy) * rx - here.uy * ry) / determinant;
      const newtonY = ((1 + here.ux) * ry - here.vx * rx) / determinant;
      let nearer = false;
      for (let trial = 0; trial <= parts.length && !nearer; trial++) {
        const fixed = trial === 1;
        const part = fixed ? 1 : parts[trial > 1 ? trial - 1 : 0]!;
        const nextX = px - part * (fixed ? rx : newtonX);
        const nextY = py - part * (fixed ? ry : newtonY);
        probe(field, size, nextX, nextY, there);
        const nextRx = nextX + there.u - x;
        const nextRy = nextY + there.v - y;
        const left = Math.hypot(nextRx, nextRy);
        if (!(left < residual)) continue;
        [px, py, rx, ry, residual, nearer] = [nextX, nextY, nextRx, nextRy, left, true];
        Object.assign(here, there);
      }
      if (!nearer) break;
    }
    into[0] = px;
    into[1] = py;
    return residual;
  };
}

/** The field and its slopes at (x, y): bilinear, and level beyond the border. */
function probe(field: ArrayLike<number>, { height, width }: Size, x: number, y: number, into: Probe): void {
  const insideX = x >= 0 && x <= width - 1 ? 1 : 0;
  const insideY = y >= 0 && y <= height - 1 ? 1 : 0;
  x = Math.min(Math.max(x, 0), width - 1);
  y = Math.min(Math.max(y, 0), height - 1);
  const left = Math.max(0, Math.min(Math.floor(x), width - 2));
  const top = Math.max(0, Math.min(Math.floor(y), height - 2));
  const s = x - left;
  const t = y - top;
  const a = 2 * (top * width + left);
  const b = width > 1 ? a + 2 : a;
  const down = height > 1 ? 2 * width : 0;
  const u0 = mix(field[a]!, field[b]!, s);
  const v0 = mix(field[a + 1]!, field[b + 1]!, s);
  const u1 = mix(field[a + down]!, field[b + down]!, s);
  const v1 = mix(field[a + down + 1]!, field[b + down + 1]!, s);
  into.u = mix(u0, u1, t);
  into.v = mix(v0, v1, t);
  into.uy = (u1 - u0) * insideY;
  into.vy = (v1 - v0) * insideY;
  into.ux = insideX * ((field[b]! - field[a]!) * (1 - t) + (field[b + down]! - field[a + down]!) * t);
  into.vx = insideX * ((field[b + 1]! - field[a + 1]!) * (1 - t) + (field[b + down + 1]! - field[a + down + 1]!) * t);
}
