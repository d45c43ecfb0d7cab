import { BunrakuError, expectShape, type Tensor, tensor, zeros } from "@bunraku/backends";
import { gridSample, identityGrid } from "@bunraku/warp";

/**
 * A known deformation, under which a detector's keypoints should move along: t(z) = A z + b + u(z) (1, 1).
 *
 * Convention: like flow, it maps places of the deformed picture to places of the original. The bend u is one number, added
 * to x and to y: u(z) = Σ_q weights_q r² log(r + 1e-6) over control points q on a square grid from -1 to 1, with
 * r = |x - q_x| + |y - q_y|, the L1 distance. It is not the thin-plate spline of `thinPlateSpline`, but what upstream
 * trained with.
 *
 * @see spec 5.2; first-order-model, `modules/model.py: Transform`
 */
export interface ThinPlateTransform {
  /** `[2, 3]`: [A | b] */
  readonly affine: Tensor<"float32", readonly [2, 3]>;
  /** `[P, P]`, row by row from the top */
  readonly weights: Tensor<"float32", readonly [number, number]>;
}

/**
 * Draws a transform near the identity.
 *
 * @param random uniform in [0, 1) @default Math.random
 * @param options.affineDeviation of the entries of [A | b] from the identity @default 0.05
 * @param options.weightDeviation of the weights @default 0.005
 * @param options.side control points along each side, at least 2 @default 5
 * @throws `OPTION`
 */
export function randomThinPlate(
  random: () => number = Math.random,
  {
    affineDeviation = 0.05,
    weightDeviation = 0.005,
    side = 5,
  }: { affineDeviation?: number; weightDeviation?: number; side?: number } = {},
): ThinPlateTransform {
  if (!Number.isInteger(side) || side < 2 || side > 64)
    throw new BunrakuError("OPTION", `side: expected a whole number of control points from 2 to 64, got ${side}.`);
  const affine = Float32Array.of(1, 0, 0, 0, 1, 0).map((value) => value + affineDeviation * normal(random));
  const weights = Float32Array.from({ length: side * side }, () => weightDeviation * normal(random));
  return { affine: tensor("float32", affine, [2, 3]), weights: tensor("float32", weights, [side, side]) };
}

/** A draw from the standard normal distribution (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Where a transform takes places.
 *
 * @param places `[N, 2]`, (x, y)
 * @returns `[N, 2]`, owned by the caller
 */
export function transformPoints(
  transform: ThinPlateTransform,
  places: Tensor<"float32">,
): Tensor<"float32", readonly [number, 2]> {
  const side = check(transform);
  const [count] = expectShape(places, ["N", 2], "transformPoints places").dims;
  const [xx, xy, bx, yx, yy, by] = transform.affine.data as unknown as Six;
  const out = zeros([count, 2]);
  for (let n = 0; n < count; n++) {
    const [x, y] = [places.data[2 * n]!, places.data[2 * n + 1]!];
    const [bend] = bendAt(transform.weights.data, side, x, y);
    out.data[2 * n] = xx * x + xy * y + bx + bend;
    out.data[2 * n + 1] = yx * x + yy * y + by + bend;
  }
  return out;
}

/**
 * The derivative of a transform at places: A + (1, 1)ᵀ ∇u.
 *
 * @param places `[N, 2]`, (x, y)
 * @returns `[N, 2, 2]`, row-major, owned by the caller
 */
export function transformJacobians(
  transform: ThinPlateTransform,
  places: Tensor<"float32">,
): Tensor<"float32", readonly [number, 2, 2]> {
  const side = check(transform);
  const [count] = expectShape(places, ["N", 2], "transformJacobians places").dims;
  const [xx, xy, , yx, yy] = transform.affine.data as unknown as Six;
  const out = zeros([count, 2, 2]);
  for (let n = 0; n < count; n++) {
    const [, alongX, alongY] = bendAt(transform.weights.data, side, places.data[2 * n]!, places.data[2 * n + 1]!);
    out.data.set([xx + alongX, xy + alongY, yx + alongX, yy + alongY], 4 * n);
  }
  return out;
}

/**
 * Deforms a picture: each place of the result shows the image at t(place), mirrored where that lies outside.
 *
 * @param image `[N, C, H, W]`
 * @returns of the same dims, owned by the caller
 */
export function transformImage(
  transform: ThinPlateTransform,
  image: Tensor<"float32">,
  { alignCorners }: { alignCorners: boolean },
): Tensor<"float32", readonly [number, number, number, number]> {
  const [batch, , height, width] = expectShape(image, ["N", "C", "H", "W"], "transformImage image").dims;
  const grid = tensor("float32", identityGrid({ height, width }).data, [height * width, 2]);
  const { data } = transformPoints(transform, grid);
  const flows = new Float32Array(batch * data.length);
  for (let n = 0; n < batch; n++) flows.set(data, n * data.length);
  return gridSample(image, tensor("float32", flows, [batch, height, width, 2]), {
    alignCorners,
    padding: "reflection",
  });
}

type Six = readonly [number, number, number, number, number, number];

/** u and its derivatives along x and y. */
function bendAt(weights: Float32Array, side: number, x: number, y: number): [number, number, number] {
  let [bend, alongX, alongY] = [0, 0, 0];
  for (let row = 0; row < side; row++) {
    const dy = y - ((2 * row) / (side - 1) - 1);
    for (let column = 0; column < side; column++) {
      const dx = x - ((2 * column) / (side - 1) - 1);
      const weight = weights[row * side + column]!;
      const distance = Math.abs(dx) + Math.abs(dy);
      const logarithm = Math.log(distance + 1e-6);
      const slope = 2 * distance * logarithm + (distance * distance) / (distance + 1e-6);
      bend += weight * distance * distance * logarithm;
      alongX += weight * Math.sign(dx) * slope;
      alongY += weight * Math.sign(dy) * slope;
    }
  }
  return [bend, alongX, alongY];
}

/** @returns control points along each side */
function check({ affine, weights }: ThinPlateTransform): number {
  expectShape(affine, [2, 3], "thin-plate transform, affine");
  const [side] = expectShape(weights, ["P", "P"], "thin-plate transform, weights").dims;
  if (side < 2) throw new BunrakuError("SHAPE", "thin-plate transform, weights: expected at least [2, 2], got [1, 1].");
  return side;
}
