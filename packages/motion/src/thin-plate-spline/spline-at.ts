import type { Matrix2 } from "@bunraku/keypoints";
import { thinPlateKernel } from "./thin-plate-kernel.ts";
import type { ThinPlateSpline } from "./thin-plate-spline.ts";

/** Where a spline takes the place (x, y). */
export function splineAt({ points, weights, linear, offset }: ThinPlateSpline, x: number, y: number): [number, number] {
  const [xx, xy, yx, yy] = linear;
  let [toX, toY] = [offset[0] + xx * x + xy * y, offset[1] + yx * x + yy * y];
  for (let j = 0; j < points.length; j += 2) {
    const kernel = thinPlateKernel((x - points[j]!) ** 2 + (y - points[j + 1]!) ** 2);
    toX += weights[j]! * kernel;
    toY += weights[j + 1]! * kernel;
  }
  return [toX, toY];
}

/** The derivative of a spline at (x, y): what a small circle around it becomes. */
export function splineJacobianAt({ points, weights, linear }: ThinPlateSpline, x: number, y: number): Matrix2 {
  let [xx, xy, yx, yy] = linear;
  for (let j = 0; j < points.length; j += 2) {
    const [dx, dy] = [x - points[j]!, y - points[j + 1]!];
    const squared = dx * dx + dy * dy;
    if (squared === 0) continue; // flat on its centre
    const slope = 2 * (Math.log(squared) + 1); // ∇(q log q) with q = r²
    xx += weights[j]! * slope * dx;
    xy += weights[j]! * slope * dy;
    yx += weights[j + 1]! * slope * dx;
    yy += weights[j + 1]! * slope * dy;
  }
  return [xx, xy, yx, yy];
}
