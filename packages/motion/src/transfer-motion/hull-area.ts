import { expectShape, type Tensor } from "@bunraku/backends";

/** Below this, in squared normalised units, points lie on a line up to float32: a square of 1/1000 of a half picture. */
export const smallestHull = 1e-6;

/**
 * The area of the convex hull of points; 0 for fewer than three, or for points on a line.
 *
 * @param points `[K, 2]`, in normalised units (the whole picture has area 4)
 * @see spec 4.2
 */
export function hullArea(points: Tensor<"float32">): number {
  const [count] = expectShape(points, ["K", 2], "hullArea points").dims;
  const sorted = Array.from({ length: count }, (_, k) => [points.data[2 * k]!, points.data[2 * k + 1]!] as const).sort(
    ([ax, ay], [bx, by]) => ax - bx || ay - by,
  );
  const hull = [...chain(sorted), ...chain(sorted.reverse())];
  let doubled = 0;
  for (let i = 0; i < hull.length; i++) {
    const [ax, ay] = hull[i]!;
    const [bx, by] = hull[(i + 1) % hull.length]!;
    doubled += ax * by - bx * ay;
  }
  return Math.abs(doubled) / 2;
}

type Point = readonly [number, number];

/** One half of the hull (Andrew's monotone chain), without its last point. */
function chain(points: readonly Point[]): Point[] {
  const half: Point[] = [];
  for (const point of points) {
    while (half.length > 1 && turn(half[half.length - 2]!, half[half.length - 1]!, point) <= 0) half.pop();
    half.push(point);
  }
  half.pop();
  return half;
}

function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
