import { BunrakuError, expectShape, type Tensor, tensor, type Warning } from "@bunraku/backends";
import { expectFinite, type Keypoints } from "@bunraku/keypoints";
import { adaptCovariances as adapt } from "./adapt-covariances.ts";
import { movementScale } from "./movement-scale.ts";
import { transferJacobians } from "./transfer-jacobians.ts";

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
   * (spec 7.6; Monkey-Net's `movement_mult`). @default false
   */
  readonly adaptScale?: boolean;
  /** Keeps moved points on the picture, in [-1, 1] (Monkey-Net's `clip_mean`). @default false */
  readonly keepInside?: boolean;
  /**
   * Changes the source's covariances the way the driver's have changed (Monkey-Net's `adapt_variance`), instead of
   * taking the driver's. @default false
   */
  readonly adaptCovariances?: boolean;
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
 * Convention: points are (x, y) in [-1, 1], ±1 on the centres of the corner pixels; matrices are row-major.
 *
 * Relative movement of the initial frame gives back the source's points, and jacobians that are the identity; the
 * covariances are then the driver's, or with `adaptCovariances` the source's. A moved keypoint is as sure as the least
 * sure of those it comes from. Computed in float64. Inputs are borrowed.
 *
 * @throws `MOTION` when keypoints are not finite, when their numbers differ, or (by `singular`) when a jacobian of
 * `driving`, or of `initial` where jacobians are relative, cannot be inverted; `SHAPE`
 * @see spec 4.2, 4.7; first-order-model, `animate.py: normalize_kp`; monkey-net, `transfer.py: normalize_kp`
 */
export function transferMotion(
  source: Keypoints,
  driving: Keypoints,
  initial: Keypoints,
  options: TransferOptions = {},
): TransferredMotion {
  const { movement = "relative", relativeJacobians = true, adaptScale = false, singular = "throw" } = options;
  check(source, driving, initial);
  const relative = movement === "relative";
  const warnings: Warning[] = [];
  const scale = relative && adaptScale ? movementScale(source, initial, warnings) : 1;

  const points = new Float32Array(source.points.data.length);
  for (let i = 0; i < points.length; i++) {
    const now = driving.points.data[i]!;
    const moved = relative ? (now - initial.points.data[i]!) * scale + source.points.data[i]! : now;
    points[i] = options.keepInside ? Math.min(Math.max(moved, -1), 1) : moved;
  }
  const covariances =
    source.covariances && driving.covariances && initial.covariances
      ? options.adaptCovariances
        ? adapt(source.covariances, driving.covariances, initial.covariances)
        : tensor("float32", driving.covariances.data.slice(), driving.covariances.dims)
      : undefined;
  const confidences = leastSure(relative ? [source, driving, initial] : [source, driving]);
  const moved: Keypoints = {
    points: tensor("float32", points, source.points.dims),
    ...(covariances && { covariances: covariances as NonNullable<Keypoints["covariances"]> }),
    ...(confidences && { confidences }),
  };
  if (!source.jacobians || !driving.jacobians || !initial.jacobians) return { keypoints: moved, warnings };
  const jacobians = transferJacobians(
    source.jacobians,
    driving.jacobians,
    initial.jacobians,
    { relative: relative && relativeJacobians, singular },
    warnings,
  );
  return { keypoints: { ...moved, jacobians: jacobians.moved }, jacobians: jacobians.motion, warnings };
}

function leastSure(keypoints: readonly Keypoints[]): NonNullable<Keypoints["confidences"]> | undefined {
  const known = keypoints.flatMap(({ confidences }) => (confidences ? [confidences] : []));
  if (known.length === 0) return undefined;
  const data = Float32Array.from(known[0]!.data, (_, k) => Math.min(...known.map((each) => each.data[k]!)));
  return tensor("float32", data, known[0]!.dims);
}

function check(source: Keypoints, driving: Keypoints, initial: Keypoints): void {
  for (const [what, keypoints] of Object.entries({ source, driving, initial })) {
    expectFinite(keypoints, what);
    const { points, jacobians, covariances, confidences } = keypoints;
    if (points.dims[0] !== source.points.dims[0]) {
      throw new BunrakuError(
        "MOTION",
        `transferMotion: source has ${source.points.dims[0]} keypoints, ${what} has ${points.dims[0]}.`,
      );
    }
    for (const part of ["jacobians", "covariances"] as const) {
      if (!keypoints[part] === !source[part]) continue;
      throw new BunrakuError(
        "MOTION",
        `transferMotion: ${part} must be in all of source, driving and initial, or in none; ${what} differs.`,
      );
    }
    const [count] = expectShape(points, ["K", 2], `${what} points`).dims;
    if (jacobians) expectShape(jacobians, [count, 2, 2], `${what} jacobians`);
    if (covariances) {
      const side = source.covariances!.dims[1] === 1 ? 1 : 2;
      expectShape(covariances, [count, side, side], `${what} covariances`);
    }
    if (confidences) expectShape(confidences, [count], `${what} confidences`);
  }
}
