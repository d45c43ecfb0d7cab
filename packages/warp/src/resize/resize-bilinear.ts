import { expectShape, type Tensor, zeros } from "@bunraku/backends";

/** Rows and columns, in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/**
 * Bilinear resize without anti-aliasing, half-pixel centres (PyTorch's `interpolate(mode="bilinear")`, corners not aligned).
 *
 * Convention: output pixel i reads at (i + 0.5) N/n - 0.5, not below 0.
 *
 * @param image `[N, C, H, W]`
 * @returns `[N, C, height, width]`, owned by the caller
 * @see spec 1.2
 */
export function resizeBilinear(
  image: Tensor<"float32">,
  { height, width }: Size,
): Tensor<"float32", readonly [number, number, number, number]> {
  const [batch, channels, inHeight, inWidth] = expectShape(image, ["N", "C", "H", "W"], "resizeBilinear image").dims;
  const rows = taps(inHeight, height);
  const columns = taps(inWidth, width);
  const out = zeros([batch, channels, height, width]);
  for (let plane = 0; plane < batch * channels; plane++) {
    const from = plane * inHeight * inWidth;
    for (let y = 0; y < height; y++) {
      const top = from + rows.first[y]! * inWidth;
      const bottom = from + rows.second[y]! * inWidth;
      const lower = rows.weight[y]!;
      for (let x = 0; x < width; x++) {
        const left = columns.first[x]!;
        const right = columns.second[x]!;
        const t = columns.weight[x]!;
        const above = image.data[top + left]! * (1 - t) + image.data[top + right]! * t;
        const below = image.data[bottom + left]! * (1 - t) + image.data[bottom + right]! * t;
        out.data[(plane * height + y) * width + x] = above * (1 - lower) + below * lower;
      }
    }
  }
  return out;
}

/** For each output position of one axis: the two input positions it mixes, and the weight of the second. */
function taps(from: number, to: number): { first: Int32Array; second: Int32Array; weight: Float64Array } {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const weight = new Float64Array(to);
  for (let i = 0; i < to; i++) {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    first[i] = Math.min(Math.floor(place), from - 1);
    second[i] = Math.min(first[i]! + 1, from - 1);
    weight[i] = place - first[i]!;
  }
  return { first, second, weight };
}
