import { BunrakuError, type Tensor, tensor } from "@bunraku/backends";

/**
 * K points on a picture, found without labels: they sit where they help to reconstruct motion.
 *
 * Convention: points are (x, y), x right and y down, in [-1, 1] with ±1 on the centres of the corner pixels; jacobians
 * and covariances are row-major [[xx, xy], [yx, yy]] and act on column vectors (x, y).
 */
export interface Keypoints {
  /** `[K, 2]` */
  readonly points: Tensor<"float32", readonly [number, 2]>;
  /** `[K, 2, 2]`: derivative of the map from the reference frame at each point (first-order model). */
  readonly jacobians?: Tensor<"float32", readonly [number, 2, 2]>;
  /**
   * How far each point is spread, in squared normalised units (Monkey-Net): `[K, 2, 2]`, or `[K, 1, 1]` where one
   * variance serves all directions.
   */
  readonly covariances?: Tensor<"float32", readonly [number, 2, 2] | readonly [number, 1, 1]>;
  /** `[K]` in [0, 1]: how sure a detector is; 0 for a point that was not found. Absent when all are taken as sure. */
  readonly confidences?: Tensor<"float32", readonly [number]>;
}

/** What keypoints may hold, and what one entry of it is called. */
const parts = {
  points: "point",
  jacobians: "jacobian",
  covariances: "covariance",
  confidences: "confidence",
} as const satisfies Record<keyof Keypoints, string>;

const partNames = Object.keys(parts) as readonly (keyof Keypoints)[];

/** @throws `MOTION` when an entry of any part is not a finite number: a network gave nonsense. */
export function expectFinite(keypoints: Keypoints, what: string): void {
  for (const name of partNames) {
    const part = keypoints[name];
    const at = part?.data.findIndex((value) => !Number.isFinite(value)) ?? -1;
    if (part && at >= 0) {
      const perKeypoint = part.data.length / part.dims[0];
      throw new BunrakuError(
        "MOTION",
        `${what}: the ${parts[name]} of keypoint ${Math.floor(at / perKeypoint)} is not a finite number (${part.data[at]}). Are the weights damaged?`,
      );
    }
  }
}

/** A copy on the CPU, owned by the caller. */
export function copyKeypoints(keypoints: Keypoints): Keypoints {
  const copies = partNames.flatMap((name) => {
    const part = keypoints[name];
    return part ? [[name, tensor("float32", part.data.slice(), part.dims)] as const] : [];
  });
  return Object.fromEntries(copies) as unknown as Keypoints;
}

/** Frees the tensors of keypoints. */
export function disposeKeypoints(keypoints: Keypoints): void {
  for (const name of partNames) keypoints[name]?.[Symbol.dispose]();
}
