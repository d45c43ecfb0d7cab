import { expectShape, type Tensor } from "@bunraku/backends";
import { type BlendMap, type Image, resizeBilinear, type Size } from "@bunraku/warp";
import { boxBlur } from "./box-blur.ts";

export interface BlendOptions {
  /** Occlusion values between which painting fades from full to none. @default [0.25, 0.75] */
  readonly occlusionRange?: readonly [number, number];
  /** Colour differences (in [0, 1], blurred) between which painting fades from none to full. @default [0.12, 0.3] */
  readonly differenceRange?: readonly [number, number];
}

export const occlusionRange: readonly [number, number] = [0.25, 0.75];
export const differenceRange: readonly [number, number] = [0.12, 0.3];

/** How far pictures are blurred, twice, before they are compared, in pixels. */
export function comparingRadius({ height, width }: Size): number {
  return Math.max(1, Math.round(Math.min(height, width) / 32));
}

/**
 * Where a high-resolution warp should be painted over with the generator's small picture.
 *
 * Two things ask for it: an occlusion map that says the source does not show what is needed, and a generated picture
 * that is not a blurred version of the warped one but another thing. Both pictures are blurred before they are compared,
 * because a generator is softer than a warp everywhere, and that alone is no reason to lose the picture's sharpness.
 *
 * @param warped `[1, 3, H, W]`: the source, warped at the model's size
 * @param generated `[1, 3, H, W]`: the generator's picture
 * @param occlusion `[1, 1, h, w]`, in [0, 1]; absent when the model estimates none
 * @returns Weights at H × W that hold `generated` (borrowed) as what is painted
 */
export function blendWeights(
  warped: Image,
  generated: Image,
  occlusion: Tensor<"float32"> | undefined,
  { occlusionRange: shownRange = occlusionRange, differenceRange: unlikeRange = differenceRange }: BlendOptions = {},
): BlendMap {
  const [, , height, width] = expectShape(warped, [1, 3, "H", "W"], "blendWeights warped").dims;
  expectShape(generated, [1, 3, height, width], "blendWeights generated");
  if (occlusion) expectShape(occlusion, [1, 1, "h", "w"], "blendWeights occlusion");
  const plane = height * width;
  const radius = comparingRadius({ height, width });
  const squares = new Float32Array(plane);
  for (let c = 0; c < 3; c++) {
    const difference = new Float32Array(plane);
    for (let i = 0; i < plane; i++) difference[i] = generated.data[c * plane + i]! - warped.data[c * plane + i]!;
    const soft = boxBlur(boxBlur(difference, height, width, radius), height, width, radius);
    for (let i = 0; i < plane; i++) squares[i] = squares[i]! + soft[i]! ** 2 / 3;
  }
  const seen = occlusion && resizeBilinear(occlusion, { height, width }).data;
  const weights = new Float32Array(plane);
  for (let i = 0; i < plane; i++) {
    const hidden = seen ? 1 - smoothstep(shownRange, seen[i]!) : 0;
    const different = smoothstep(unlikeRange, Math.sqrt(squares[i]!));
    weights[i] = 1 - (1 - hidden) * (1 - different);
  }
  return { height, width, weights: boxBlur(weights, height, width, 1), image: generated };
}

function smoothstep([from, to]: readonly [number, number], value: number): number {
  if (value <= from || value >= to) return value > from ? 1 : 0; // no division by a range of no width
  const t = (value - from) / (to - from);
  return t * t * (3 - 2 * t);
}
