import { BunrakuError, tensor } from "@bunraku/backends";
import type { Keypoints } from "../../keypoints.ts";

/**
 * Some of the keypoints, in the order asked for, with all they hold: `selectKeypoints(face, landmarkLayouts.face68.parts.mouth)`.
 *
 * @param indices Numbers of keypoints from 0; one may come more than once.
 * @returns New keypoints, owned by the caller.
 * @throws `OPTION` for a number that is none of the keypoints'
 */
export function selectKeypoints(keypoints: Keypoints, indices: readonly number[]): Keypoints {
  const count = keypoints.points.dims[0];
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new BunrakuError("OPTION", `selectKeypoints: there are keypoints 0 to ${count - 1}, got ${index}.`);
    }
  }
  const pick = (data: Float32Array) => {
    const each = data.length / count;
    const out = new Float32Array(each * indices.length);
    for (const [to, from] of indices.entries()) out.set(data.subarray(from * each, (from + 1) * each), to * each);
    return out;
  };
  const { points, jacobians, covariances, confidences } = keypoints;
  const chosen = indices.length;
  return {
    points: tensor("float32", pick(points.data), [chosen, 2]),
    ...(jacobians && { jacobians: tensor("float32", pick(jacobians.data), [chosen, 2, 2]) }),
    ...(covariances && {
      covariances: tensor(
        "float32",
        pick(covariances.data),
        covariances.dims[1] === 1 ? [chosen, 1, 1] : [chosen, 2, 2],
      ),
    }),
    ...(confidences && { confidences: tensor("float32", pick(confidences.data), [chosen]) }),
  };
}
