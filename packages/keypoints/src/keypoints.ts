import { BunrakuError, type Tensor, tensor } from "@bunraku/backends";

/**
 * K points on a picture, found without labels: they sit where they help to reconstruct motion.
 *
 * Convention: points are (x, y), x right and y down, in [-1, 1] with ±1 on the centres of the corner pixels; jacobians
 * are row-major [[xx, xy], [yx, yy]] and act on column vectors (x, y).
 */
export interface Keypoints {
  /** `[K, 2]` */
  readonly points: Tensor<"float32", readonly [number, 2]>;
  /** `[K, 2, 2]`: derivative of the map from the reference frame at each point (first-order model). */
  readonly jacobians?: Tensor<"float32", readonly [number, 2, 2]>;
}

/** @throws `MOTION` when a coordinate or a jacobian entry is not a finite number: a network gave nonsense. */
export function expectFinite(keypoints: Keypoints, what: string): void {
  for (const [part, tensor] of [
    ["point", keypoints.points],
    ["jacobian", keypoints.jacobians],
  ] as const) {
    const at = tensor?.data.findIndex((value) => !Number.isFinite(value)) ?? -1;
    if (tensor && at >= 0) {
      const perKeypoint = tensor.data.length / tensor.dims[0];
      throw new BunrakuError(
        "MOTION",
        `${what}: the ${part} of keypoint ${Math.floor(at / perKeypoint)} is not a finite number (${tensor.data[at]}). Are the weights damaged?`,
      );
    }
  }
}

/** A copy on the CPU, owned by the caller. */
export function copyKeypoints({ points, jacobians }: Keypoints): Keypoints {
  return {
    points: tensor("float32", points.data.slice(), points.dims),
    ...(jacobians && { jacobians: tensor("float32", jacobians.data.slice(), jacobians.dims) }),
  };
}

/** Frees the tensors of keypoints. */
export function disposeKeypoints({ points, jacobians }: Keypoints): void {
  points[Symbol.dispose]();
  jacobians?.[Symbol.dispose]();
}
