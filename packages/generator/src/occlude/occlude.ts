import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import { resizeBilinear } from "@bunraku/warp";

/**
 * Fades features where the source does not show what is needed, so that the generator paints there.
 *
 * @param features `[1, C, H, W]`
 * @param occlusion `[1, 1, h, w]` in [0, 1]; resized bilinearly when its size differs
 * @returns `[1, C, H, W]`, owned by the caller
 * @see spec 1.6, step 5
 */
export function occlude(
  features: Tensor<"float32">,
  occlusion: Tensor<"float32">,
): Tensor<"float32", readonly [1, number, number, number]> {
  const [, channels, height, width] = expectShape(features, [1, "C", "H", "W"], "occlude features").dims;
  expectShape(occlusion, [1, 1, "h", "w"], "occlude occlusion");
  const { data: map } = resizeBilinear(occlusion, { height, width });
  const out = zeros([1, channels, height, width]);
  const plane = height * width;
  for (let i = 0; i < out.data.length; i++) out.data[i] = features.data[i]! * map[i % plane]!;
  return out;
}
