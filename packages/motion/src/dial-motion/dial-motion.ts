import { expectShape, type Tensor, type Warning, zeros } from "@bunraku/backends";
import {
  copyKeypoints,
  identity2,
  inverse2,
  type Keypoints,
  type Matrix2,
  matrixAt,
  multiply2,
} from "@bunraku/keypoints";
import { splineJacobianAt } from "../thin-plate-spline/spline-at.ts";
import { thinPlateKernel } from "../thin-plate-spline/thin-plate-kernel.ts";
import { type ThinPlateSpline, thinPlateSpline } from "../thin-plate-spline/thin-plate-spline.ts";
import type { TransferredMotion } from "../transfer-motion/transfer-motion.ts";
import { type DialOptions, readDial } from "./dial-options.ts";
import { power2 } from "./power2.ts";

/** A motion after dialling. Owned by the caller. */
export interface DialedMotion extends TransferredMotion {
  /** `[K, 2]`: with `spline`, what takes the place of the source in `sparseMotions`. */
  readonly anchors?: Tensor<"float32", readonly [number, 2]>;
  /** `[K, K, 2]`: how motion k bends around driving point j; zero for keypoints of other orders. */
  readonly spline?: Tensor<"float32", readonly [number, number, 2]>;
}

/**
 * Turns a transferred motion: its order, how much of it there is, and which keypoints stay.
 *
 * Whatever is chosen, keypoint k is read at its place in the source (T_k(d_k) = s_k), and a motion that is the identity
 * stays the identity. In this order: `freeze` and `gain` move keypoints, `limit` stops them, then `order` says what
 * happens around them. The spline goes through all keypoints as they are then, those of other orders and frozen ones too.
 *
 * The result has `jacobians` when the motion has them (identities for `zeroth`) or when a keypoint is of order `spline`
 * (its affine part), and `anchors` and `spline` only then. Moved keypoints get jacobians that fit: inverse(J_k) · Js, in
 * spline order by the spline's derivative at d_k.
 *
 * @param source the source's keypoints
 * @param motion of `transferMotion`; borrowed
 * @returns The same numbers when nothing is turned. Warnings are added: `jacobian-power` where a jacobian has no power
 * for its gain (its keypoint only translates), `spline-degenerate` where keypoints allow no spline.
 * @throws `OPTION`, `SHAPE`
 * @example const { keypoints, jacobians, ...bends } = dialMotion(source, transferMotion(source, driving, initial), { order: "spline" });
 */
export function dialMotion(source: Keypoints, motion: TransferredMotion, options: DialOptions = {}): DialedMotion {
  const [count] = expectShape(source.points, ["K", 2], "dialMotion source").dims;
  expectShape(motion.keypoints.points, [count, 2], "dialMotion motion");
  const { orders, gains, limits, frozen } = readDial(options, count, motion.jacobians !== undefined);
  const warnings = [...motion.warnings];
  const keypoints = copyKeypoints(motion.keypoints);
  const stays = gains.map((gain, k) => frozen[k]! || gain === 0);
  for (let k = 0; k < count; k++) {
    if (stays[k]) putBack(keypoints, source, k);
    else movePoint(keypoints.points.data, source.points.data, k, gains[k]!, limits[k]!);
  }

  const spline = orders.includes("spline") ? fitSpline(keypoints, source, options, warnings) : undefined;
  if (!motion.jacobians && !spline) return { keypoints, warnings };
  const jacobians = zeros([count, 2, 2]);
  const [anchors, weights] = [zeros([count, 2]), zeros([count, count, 2])];
  for (let k = 0; k < count; k++) {
    const order = frozen[k] ? "zeroth" : orders[k]!;
    anchors.data.set(source.points.data.subarray(2 * k, 2 * k + 2), 2 * k);
    if (order === "spline") {
      const [x, y] = [keypoints.points.data[2 * k]!, keypoints.points.data[2 * k + 1]!];
      jacobians.data.set(spline!.linear, 4 * k);
      weights.data.set(spline!.weights, 2 * k * count);
      moveAnchor(anchors.data, k, spline!, x, y);
      alignJacobian(keypoints, source, k, splineJacobianAt(spline!, x, y));
      continue;
    }
    const before = motion.jacobians ? matrixAt(motion.jacobians.data, k) : identity2;
    let after: Matrix2 | undefined = order === "first" && !stays[k] ? power2(before, gains[k]!) : identity2;
    if (!after) {
      warnings.push({
        type: "jacobian-power",
        message: `keypoint ${k}: its jacobian mirrors or turns too far for a gain of ${gains[k]}; it only translates in this frame.`,
      });
      after = identity2;
    }
    jacobians.data.set(after, 4 * k);
    if (after !== before && !stays[k]) alignJacobian(keypoints, source, k, after);
  }
  if (!spline) return { keypoints, jacobians, warnings };
  return { keypoints, jacobians, anchors, spline: weights, warnings };
}

/** All that is known of keypoint k as the source has it. */
function putBack(keypoints: Keypoints, source: Keypoints, k: number): void {
  for (const name of ["points", "jacobians", "covariances", "confidences"] as const) {
    const [to, from] = [keypoints[name], source[name]];
    if (!to || !from || to.data.length !== from.data.length) continue;
    const size = to.data.length / to.dims[0];
    to.data.set(from.data.subarray(size * k, size * (k + 1)), size * k);
  }
}

function movePoint(points: Float32Array, source: Float32Array, k: number, gain: number, limit: number): void {
  const [fromX, fromY] = [source[2 * k]!, source[2 * k + 1]!];
  const [moveX, moveY] = [gain * (points[2 * k]! - fromX), gain * (points[2 * k + 1]! - fromY)];
  const length = Math.hypot(moveX, moveY);
  if (gain === 1 && length <= limit) return; // to the bit
  const share = length > limit ? limit / length : 1;
  points.set([fromX + share * moveX, fromY + share * moveY], 2 * k);
}

/** Chosen by looking at pictures: less doubles heads whose keypoints crowd together, more is hardly a spline. */
const defaultStiffness = 0.1;

function fitSpline(
  keypoints: Keypoints,
  source: Keypoints,
  { stiffness = defaultStiffness }: DialOptions,
  warnings: Warning[],
): ThinPlateSpline {
  const spline = thinPlateSpline(keypoints.points, source.points, { stiffness });
  if (spline.fit !== "spline") {
    warnings.push({
      type: "spline-degenerate",
      message: `The moved keypoints are too few or lie on a line, so there is no spline through them; they move by a ${spline.fit}.`,
    });
  }
  return spline;
}

/** The anchor from which the bends of all points still take d_k to s_k. */
function moveAnchor(
  anchors: Float32Array,
  k: number,
  { points, weights }: ThinPlateSpline,
  x: number,
  y: number,
): void {
  let [anchorX, anchorY] = [anchors[2 * k]!, anchors[2 * k + 1]!];
  for (let j = 0; j < points.length; j += 2) {
    const kernel = thinPlateKernel((x - points[j]!) ** 2 + (y - points[j + 1]!) ** 2);
    anchorX -= weights[j]! * kernel;
    anchorY -= weights[j + 1]! * kernel;
  }
  anchors.set([anchorX, anchorY], 2 * k);
}

/** Sets the moved keypoint's jacobian to the one that gives `motion` as its J_k; a motion that flattens leaves it as it is. */
function alignJacobian(keypoints: Keypoints, source: Keypoints, k: number, motion: Matrix2): void {
  const inverse = inverse2(motion);
  if (inverse && keypoints.jacobians && source.jacobians)
    keypoints.jacobians.data.set(multiply2(inverse, matrixAt(source.jacobians.data, k)), 4 * k);
}
