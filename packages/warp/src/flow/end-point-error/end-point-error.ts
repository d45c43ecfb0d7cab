import { BunrakuError, expectShape, type Tensor, tensor } from "@bunraku/backends";
import { knownPixels, type Mask, type PixelFlow } from "../pixel-flow.ts";

export interface EndPointError {
  /** Mean distance, in pixels, over the pixels that count. */
  readonly mean: number;
  /** `[1, H, W]`: the distance of each pixel; NaN where it does not count. */
  readonly error: Tensor<"float32", readonly [1, number, number]>;
  /** Share of outliers in [0, 1], KITTI's Fl: off by more than 3 pixels and by more than 5 % of the true length. */
  readonly outliers: number;
  /** How many pixels count: those whose truth is known. */
  readonly counted: number;
}

/**
 * How far a flow is from the truth: the mean end-point error and KITTI's share of outliers.
 *
 * @param flow displacements in pixels, `[1, H, W, 2]`; known wherever the truth counts
 * @param truth of the same size; pixels that are NaN or beyond 1e9 do not count
 * @param options.valid `[1, H, W]`: 0 leaves a pixel out, as in the mask that comes with a file
 * @returns Owned by the caller.
 * @throws `OPTION` when no pixel counts, or when `flow` has no value where one does: leaving it out would flatter it
 * @throws `SHAPE`
 * @see Baker et al., "A database and evaluation methodology for optical flow" (2011), 4.1; Menze and Geiger, "Object
 *   scene flow for autonomous vehicles" (2015), 5
 */
export function endPointError(
  flow: PixelFlow,
  truth: PixelFlow,
  { valid }: { readonly valid?: Mask | undefined } = {},
): EndPointError {
  const counts = knownPixels(truth, valid, "endPointError truth");
  const [, height, width] = truth.dims;
  expectShape(flow, [1, height, width, 2], "endPointError flow");
  const error = new Float32Array(height * width).fill(Number.NaN);
  let sum = 0;
  let outliers = 0;
  let counted = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const u = truth.data[2 * i]!;
    const v = truth.data[2 * i + 1]!;
    const distance = Math.hypot(flow.data[2 * i]! - u, flow.data[2 * i + 1]! - v);
    if (!Number.isFinite(distance)) {
      throw new BunrakuError(
        "OPTION",
        `endPointError: flow has no value at (${i % width}, ${Math.floor(i / width)}), where the truth is known; fill it, or leave it out by valid.`,
      );
    }
    error[i] = distance;
    sum += distance;
    counted++;
    if (distance > 3 && distance > 0.05 * Math.hypot(u, v)) outliers++;
  }
  if (counted === 0)
    throw new BunrakuError("OPTION", "endPointError: the truth is not known at any pixel that counts.");
  return {
    mean: sum / counted,
    error: tensor("float32", error, [1, height, width]),
    outliers: outliers / counted,
    counted,
  };
}
