import { BunrakuError, expectShape, type Tensor, tensor } from "@bunraku/backends";
import { lookUp } from "../lookup/look-up.ts";
import { expectPixelFlow, type Mask, type PixelFlow } from "../pixel-flow.ts";

export interface ConsistencyOptions {
  /** Share of the flows' squared lengths that is allowed for. @default 0.01 */
  readonly alpha1?: number;
  /** Squared pixels that are allowed for. @default 0.5 */
  readonly alpha2?: number;
}

export interface FlowConsistency {
  /** `[1, H, W]`: how far from itself a pixel comes back, in pixels; NaN where it leaves the picture or is not known. */
  readonly error: Tensor<"float32", readonly [1, number, number]>;
  /** 1 where the way back does not lead back, leaves the picture or is not known: what is seen in one frame alone. */
  readonly occluded: Mask;
}

/**
 * The forward-backward check: whether each pixel, moved by `forward` and from there by `backward`, comes back.
 *
 * It does when |wf + wb|² < alpha1 (|wf|² + |wb|²) + alpha2, wf at x, wb at x + wf(x), bilinear, in pixels.
 *
 * @param forward displacements in pixels, `[1, H, W, 2]`; `flowToPixels` makes them from a flow
 * @param backward of the same size
 * @returns Owned by the caller.
 * @throws `OPTION` when a threshold is not a number of at least 0
 * @throws `SHAPE`
 * @see Sundaram, Brox, Keutzer, "Dense point trajectories by GPU-accelerated large displacement optical flow" (2010), eq. 5
 */
export function flowConsistency(
  forward: PixelFlow,
  backward: PixelFlow,
  { alpha1 = 0.01, alpha2 = 0.5 }: ConsistencyOptions = {},
): FlowConsistency {
  for (const [name, value] of Object.entries({ alpha1, alpha2 })) {
    if (!(value >= 0 && value < Infinity)) {
      throw new BunrakuError("OPTION", `flowConsistency: ${name} must be a number of at least 0, got ${value}.`);
    }
  }
  const [, height, width] = expectPixelFlow(forward, "flowConsistency forward").dims;
  expectShape(backward, [1, height, width, 2], "flowConsistency backward");
  const error = new Float32Array(height * width);
  const occluded = new Uint8Array(height * width);
  const back = new Float64Array(2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const u = forward.data[2 * at]!;
      const v = forward.data[2 * at + 1]!;
      const inside = x + u >= 0 && x + u <= width - 1 && y + v >= 0 && y + v <= height - 1;
      if (inside) lookUp(backward.data, { height, width }, x + u, y + v, back);
      else back.fill(Number.NaN);
      const [backU, backV] = back as unknown as [number, number];
      const squared = (u + backU) ** 2 + (v + backV) ** 2;
      const allowed = alpha1 * (u ** 2 + v ** 2 + backU ** 2 + backV ** 2) + alpha2;
      error[at] = Math.sqrt(squared);
      occluded[at] = squared < allowed ? 0 : 1;
    }
  }
  return {
    error: tensor("float32", error, [1, height, width]),
    occluded: tensor("bool", occluded, [1, height, width]),
  };
}
