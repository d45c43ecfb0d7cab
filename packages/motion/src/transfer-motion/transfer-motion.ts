import { BunrakuError, expectShape, type Tensor, tensor, type Warning } from "@bunraku/backends";
import {
  expectFinite,
  identity2,
  inverse2,
  type Keypoints,
  type Matrix2,
  matrixAt,
  multiply2,
} from "@bunraku/keypoints";
import { hullArea } from "./hull-area.ts";

export interface TransferOptions {
  /**
   * `relative` adds the driver's changes since `initial` to the source; `absolute` takes the driver's keypoints as they
   * are. @default "relative"
   */
  readonly movement?: "relative" | "absolute";
  /** Whether relative movement is relative for jacobians too; ignored when absolute (spec 7.7). @default true */
  readonly relativeJacobians?: boolean;
  /**
   * Scales relative movement by the square root of the ratio of hull areas, source to initial; ignored when absolute
   * (spec 7.6). @default false
   */
  readonly adaptScale?: boolean;
  /** A jacobian that cannot be inverted: refuse the frame, or let its keypoint only translate. @default "throw" */
  readonly singular?: "throw" | "translate";
}

/** The motion of one driving frame, brought to the source. */
export interface TransferredMotion {
  /** The source's keypoints, moved: what upstream calls the normalised keypoints. Owned by the caller. */
  readonly keypoints: Keypoints;
  /**
   * `[K, 2, 2]`: around keypoint k the source is read at s_k + J_k (z - d_k). Absent for models without jacobians.
   * In exact arithmetic J_k = Js · inverse(J moved); for relative jacobians that is Ji · inverse(Jd), and so computed.
   */
  readonly jacobians?: Tensor<"float32", readonly [number, 2, 2]>;
  readonly warnings: readonly Warning[];
}

/**
 * Moves the source's keypoints the way the driver's have moved since `initial`.
 *
 * Convention: points are (x, y) in [-1, 1], ±1 on the centres of the corner pixels; jacobians are row-major.
 *
 * Relative movement of the initial frame gives back the source, and jacobians that are the identity. Computed in
 * float64. Inputs are borrowed.
 *
 * @throws `MOTION` when keypoints are not finite, when their numbers differ, or (by `singular`) when a jacobian of
 * `driving`, or of `initial` where jacobians are relative, cannot be inverted; `SHAPE`
 * @see spec 4.2; first-order-model, `animate.py: normalize_kp`
 */
export function transferMotion(
  source: Keypoints,
  driving: Keypoints,
  initial: Keypoints,
  { movement = "relative", relativeJacobians = true, adaptScale = false, singular = "throw" }: TransferOptions = {},
): TransferredMotion {
  check(source, driving, initial);
  const relative = movement === "relative";
  const warnings: Warning[] = [];
  const scale = relative && adaptScale ? movementScale(source, initial, warnings) : 1;

  const points = new Float32Array(source.points.data.length);
  for (let i = 0; i < points.length; i++) {
    const now = driving.points.data[i]!;
    points[i] = relative ? (now - initial.points.data[i]!) * scale + source.points.data[i]! : now;
  }
  const moved = tensor("float32", points, source.points.dims);
  if (!source.jacobians || !driving.jacobians || !initial.jacobians) return { keypoints: { points: moved }, warnings };

  const count = source.points.dims[0];
  const movedJacobians = new Float32Array(4 * count);
  const motion = new Float32Array(4 * count);
  for (let k = 0; k < count; k++) {
    const s = matrixAt(source.jacobians.data, k);
    const d = matrixAt(driving.jacobians.data, k);
    const i = matrixAt(initial.jacobians.data, k);
    const inverse = inverse2(d);
    const inverseInitial = relative && relativeJacobians ? inverse2(i) : identity2; // otherwise not needed
    if (!inverse || !inverseInitial) {
      if (singular === "throw") throw inverse ? singularError("initial", k, i) : singularError("driving", k, d);
      warnings.push({
        type: "jacobian-singular",
        message: `keypoint ${k}: its jacobian cannot be inverted; it only translates in this frame.`,
      });
      movedJacobians.set(relative && relativeJacobians ? s : d, 4 * k);
      motion.set(identity2, 4 * k);
    } else if (relative && relativeJacobians) {
      movedJacobians.set(multiply2(multiply2(d, inverseInitial), s), 4 * k);
      motion.set(multiply2(i, inverse), 4 * k);
    } else {
      movedJacobians.set(d, 4 * k);
      motion.set(multiply2(s, inverse), 4 * k);
    }
  }
  return {
    keypoints: { points: moved, jacobians: tensor("float32", movedJacobians, [count, 2, 2]) },
    jacobians: tensor("float32", motion, [count, 2, 2]),
    warnings,
  };
}

function check(source: Keypoints, driving: Keypoints, initial: Keypoints): void {
  for (const [what, keypoints] of Object.entries({ source, driving, initial })) {
    expectFinite(keypoints, what);
    if (keypoints.points.dims[0] !== source.points.dims[0]) {
      throw new BunrakuError(
        "MOTION",
        `transferMotion: source has ${source.points.dims[0]} keypoints, ${what} has ${keypoints.points.dims[0]}.`,
      );
    }
    if (!keypoints.jacobians !== !source.jacobians) {
      throw new BunrakuError(
        "MOTION",
        `transferMotion: jacobians must be in all of source, driving and initial, or in none; ${what} differs.`,
      );
    }
    const { points, jacobians } = keypoints;
    const [count] = expectShape(points, ["K", 2], `${what} points`).dims;
    if (jacobians) expectShape(jacobians, [count, 2, 2], `${what} jacobians`);
  }
}

/** Below this, in squared normalised units, points lie on a line up to float32: a square of 1/1000 of a half picture. */
const smallestHull = 1e-6;

function movementScale(source: Keypoints, initial: Keypoints, warnings: Warning[]): number {
  const [wanted, from] = [hullArea(source.points), hullArea(initial.points)];
  if (wanted >= smallestHull && from >= smallestHull) return Math.sqrt(wanted) / Math.sqrt(from);
  const message = "The keypoints of the source or of the first driving frame lie on a line, so movement is not scaled.";
  warnings.push({ type: "hull-degenerate", message });
  return 1;
}

function singularError(which: "driving" | "initial", k: number, [a, b, c, d]: Matrix2): BunrakuError {
  const matrix = `[[${a}, ${b}], [${c}, ${d}]]`;
  const wayOut = which === "driving" ? "Skip the frame" : "Begin at another frame";
  return new BunrakuError(
    "MOTION",
    `transferMotion: the jacobian of ${which} keypoint ${k} cannot be inverted: ${matrix}. ${wayOut}, or pass singular: "translate".`,
  );
}
