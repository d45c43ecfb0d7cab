import { BunrakuError, expectShape, type Tensor, tensor, zeros } from "@bunraku/backends";
import { gaussianTaps } from "../gaussian/gaussian-taps.ts";

/**
 * The gaussian in front of a down-sampling by `scale`: sigma (1/scale - 1)/2, 2·round(4 sigma) + 1 taps, sum 1.
 *
 * @returns `[k]` in float64; the 2-D kernel is its outer product
 * @see spec 1.2, "Anti-alias down"
 */
export function antiAliasTaps(scale: number): Float64Array {
  if (scale === 1) return Float64Array.of(1); // sigma 0
  const sigma = (1 / scale - 1) / 2;
  return gaussianTaps(sigma, roundHalfToEven(4 * sigma));
}

/** Python's round. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The step between kept rows and columns: 1/scale, cut to a whole number. */
export function antiAliasStride(scale: number): number {
  if (!(scale > 0 && scale <= 1))
    throw new BunrakuError("OPTION", `scale_factor: expected a number in (0, 1], got ${scale}.`);
  return Math.trunc(1 / scale);
}

/**
 * Blurs, then keeps every (1/scale)-th row and column from the first.
 *
 * The border is zero-padded, which darkens it a little: upstream does so, and the weights have learned it.
 *
 * @param image `[N, C, H, W]`
 * @param scale in (0, 1]; 1 returns a copy
 * @returns `[N, C, ⌈H/s⌉, ⌈W/s⌉]`, s = ⌊1/scale⌋, owned by the caller
 * @see spec 1.2
 */
export function antiAliasDown(
  image: Tensor<"float32">,
  scale: number,
): Tensor<"float32", readonly [number, number, number, number]> {
  const [batch, channels, height, width] = expectShape(image, ["N", "C", "H", "W"], "antiAliasDown image").dims;
  if (scale === 1) return tensor("float32", image.data.slice(), [batch, channels, height, width]);
  const stride = antiAliasStride(scale);
  const taps = antiAliasTaps(scale);
  const half = (taps.length - 1) / 2;
  const outHeight = Math.ceil(height / stride);
  const outWidth = Math.ceil(width / stride);
  const out = zeros([batch, channels, outHeight, outWidth]);
  const narrow = new Float64Array(height * outWidth); // blurred along x, every row
  for (let plane = 0; plane < batch * channels; plane++) {
    const from = plane * height * width;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < outWidth; x++) {
        let sum = 0;
        for (let i = 0; i < taps.length; i++) {
          const column = x * stride + i - half;
          if (column >= 0 && column < width) sum += taps[i]! * image.data[from + y * width + column]!;
        }
        narrow[y * outWidth + x] = sum;
      }
    }
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        let sum = 0;
        for (let i = 0; i < taps.length; i++) {
          const row = y * stride + i - half;
          if (row >= 0 && row < height) sum += taps[i]! * narrow[row * outWidth + x]!;
        }
        out.data[(plane * outHeight + y) * outWidth + x] = sum;
      }
    }
  }
  return out;
}
