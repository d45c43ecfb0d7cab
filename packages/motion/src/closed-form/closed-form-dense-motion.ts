import { expectShape, type Tensor, tensor } from "@bunraku/backends";
import { expectFinite, type Keypoints } from "@bunraku/keypoints";
import type { Flow, Size } from "@bunraku/warp";
import { type ClosedFormMaskOptions, closedFormMasks } from "./closed-form-masks.ts";
import { mixMotions } from "./mix-motions.ts";

/** A dense motion and what it was mixed of. */
export interface ClosedFormDenseMotion {
  /** `[1, H, W, 2]`: where each pixel is read from in the source. */
  readonly flow: Flow;
  /** `[1, K + 1, H, W]`: the share of the background, and of each keypoint's motion. */
  readonly masks: Tensor<"float32", readonly [1, number, number, number]>;
}

/**
 * Dense motion without a network: each pixel moves as the keypoints around it do, mixed by their distances.
 *
 * flow(z) = Σ mask_k(z) T_k(z), with the motions of `sparseMotions` and the masks of `closedFormMasks`. It stands where
 * the models have a network that looks at the picture: this one does not know what belongs together, and paints nothing.
 *
 * Confidences of source, driving and `options.confidences` weight the masks, multiplied. Keypoints of `transferMotion`
 * carry the least of source's, driver's and initial's already, so they need no option; the source's then count twice.
 *
 * @param source The source's keypoints. Borrowed.
 * @param driving The source's keypoints, moved (`transferMotion(…).keypoints`). Borrowed.
 * @param jacobians `[K, 2, 2]`, from driving to source (`transferMotion(…).jacobians`), or `undefined` for zeroth order
 * @param size Height and width of flow and masks: 64 × 64 is enough for most; `displacementOf` takes it to any picture
 * @returns Flow and masks, owned by the caller.
 * @throws `MOTION`, `OPTION`, `SHAPE`
 * @see spec 1.5, steps 3, 7 and 8, with other masks
 */
export function closedFormDenseMotion(
  source: Keypoints,
  driving: Keypoints,
  jacobians: Tensor<"float32"> | undefined,
  size: Size,
  options: ClosedFormMaskOptions = {},
): ClosedFormDenseMotion {
  expectFinite(source, "closedFormDenseMotion source");
  expectFinite(driving, "closedFormDenseMotion driving");
  const [count] = expectShape(source.points, ["K", 2], "closedFormDenseMotion source").dims;
  expectShape(driving.points, [count, 2], "closedFormDenseMotion driving");
  const confidences = productOf([source.confidences, driving.confidences, options.confidences], count);
  const masks = closedFormMasks(driving.points, size, { ...options, confidences });
  return { flow: mixMotions(source.points, driving.points, jacobians, masks), masks };
}

function productOf(factors: readonly (Tensor<"float32"> | undefined)[], count: number): Tensor<"float32"> {
  const product = new Float32Array(count).fill(1);
  for (const factor of factors) {
    if (!factor) continue;
    const { data } = expectShape(factor, [count], "closedFormDenseMotion confidences");
    for (let k = 0; k < count; k++) product[k] = product[k]! * data[k]!;
  }
  return tensor("float32", product, [count]);
}
