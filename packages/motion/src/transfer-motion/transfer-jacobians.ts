import { BunrakuError, type Tensor, tensor, type Warning } from "@bunraku/backends";
import { identity2, inverse2, type Matrix2, matrixAt, multiply2 } from "@bunraku/keypoints";

type Jacobians = Tensor<"float32", readonly [number, 2, 2]>;

/**
 * Jacobians of the moved keypoints, and J_k, by which the source is read around them.
 *
 * Relative: moved = Jd · inverse(Ji) · Js, and J = Js · inverse(moved) is Ji · inverse(Jd), as it is computed.
 * Absolute: moved = Jd, and J = Js · inverse(Jd).
 *
 * @see spec 4.2
 */
export function transferJacobians(
  source: Jacobians,
  driving: Jacobians,
  initial: Jacobians,
  { relative, singular }: { relative: boolean; singular: "throw" | "translate" },
  warnings: Warning[],
): { moved: Jacobians; motion: Jacobians } {
  const [count] = source.dims;
  const moved = new Float32Array(4 * count);
  const motion = new Float32Array(4 * count);
  for (let k = 0; k < count; k++) {
    const s = matrixAt(source.data, k);
    const d = matrixAt(driving.data, k);
    const i = matrixAt(initial.data, k);
    const inverse = inverse2(d);
    const inverseInitial = relative ? inverse2(i) : identity2; // otherwise not needed
    if (!inverse || !inverseInitial) {
      if (singular === "throw") throw inverse ? singularError("initial", k, i) : singularError("driving", k, d);
      warnings.push({
        type: "jacobian-singular",
        message: `keypoint ${k}: its jacobian cannot be inverted; it only translates in this frame.`,
      });
      moved.set(relative ? s : d, 4 * k);
      motion.set(identity2, 4 * k);
    } else if (relative) {
      moved.set(multiply2(multiply2(d, inverseInitial), s), 4 * k);
      motion.set(multiply2(i, inverse), 4 * k);
    } else {
      moved.set(d, 4 * k);
      motion.set(multiply2(s, inverse), 4 * k);
    }
  }
  return { moved: tensor("float32", moved, [count, 2, 2]), motion: tensor("float32", motion, [count, 2, 2]) };
}

function singularError(which: "driving" | "initial", k: number, [a, b, c, d]: Matrix2): BunrakuError {
  const matrix = `[[${a}, ${b}], [${c}, ${d}]]`;
  const wayOut = which === "driving" ? "Skip the frame" : "Begin at another frame";
  return new BunrakuError(
    "MOTION",
    `transferMotion: the jacobian of ${which} keypoint ${k} cannot be inverted: ${matrix}. ${wayOut}, or pass singular: "translate".`,
  );
}
