import { BunrakuError, expectShape, type Tensor } from "@bunraku/backends";
import { identity2, inverse2, type Keypoints, matrixAt, multiply2 } from "@bunraku/keypoints";
import { type ThinPlateTransform, transformJacobians, transformPoints } from "./thin-plate-transform.ts";

/**
 * How far keypoints are from moving along with a known deformation: mean |p - t(p')| over points and coordinates.
 *
 * @param keypoints of a picture
 * @param transformed of the same picture, deformed by `transformImage`
 * @returns in normalised units, 0 is perfect; upstream weighs it by 10
 * @throws `SHAPE`
 * @see spec 5.2
 */
export function pointEquivariance(keypoints: Keypoints, transformed: Keypoints, transform: ThinPlateTransform): number {
  const [count] = expectShape(keypoints.points, ["K", 2], "pointEquivariance keypoints").dims;
  expectShape(transformed.points, [count, 2], "pointEquivariance transformed");
  const back = transformPoints(transform, transformed.points);
  const sum = keypoints.points.data.reduce((total, value, i) => total + Math.abs(value - back.data[i]!), 0);
  return sum / (2 * count);
}

/**
 * How far jacobians are from turning along with a known deformation: mean |I - J⁻¹ · ∇t(p') · J'| over keypoints and entries.
 *
 * @param keypoints with jacobians, of a picture
 * @param transformed with jacobians, of the same picture, deformed by `transformImage`
 * @returns 0 is perfect; upstream weighs it by 10
 * @throws `SHAPE`, `OPTION` without jacobians, `MOTION` when a jacobian of `keypoints` cannot be inverted
 * @see spec 5.2
 */
export function jacobianEquivariance(
  keypoints: Keypoints,
  transformed: Keypoints,
  transform: ThinPlateTransform,
): number {
  const of = ({ jacobians }: Keypoints): Tensor<"float32"> => {
    if (jacobians) return jacobians;
    throw new BunrakuError("OPTION", "jacobianEquivariance: both keypoints must have jacobians.");
  };
  const [jacobians, moved] = [of(keypoints), of(transformed)];
  const [count] = expectShape(jacobians, ["K", 2, 2], "jacobianEquivariance keypoints").dims;
  expectShape(moved, [count, 2, 2], "jacobianEquivariance transformed");
  expectShape(transformed.points, [count, 2], "jacobianEquivariance transformed points");
  const gradients = transformJacobians(transform, transformed.points);
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const inverse = inverse2(matrixAt(jacobians.data, k));
    if (!inverse)
      throw new BunrakuError("MOTION", `jacobianEquivariance: the jacobian of keypoint ${k} cannot be inverted.`);
    const around = multiply2(inverse, multiply2(matrixAt(gradients.data, k), matrixAt(moved.data, k)));
    for (const [i, value] of around.entries()) sum += Math.abs(identity2[i]! - value);
  }
  return sum / (4 * count);
}
