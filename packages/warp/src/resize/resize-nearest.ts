import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import type { Size } from "./resize-bilinear.ts";

/**
 * Resize that repeats or drops pixels (PyTorch's `interpolate(mode="nearest")`).
 *
 * Convention: output pixel i is input pixel min(⌊i N/n⌋, N - 1), with N/n rounded to float32 as PyTorch does.
 *
 * @param image `[N, C, H, W]`
 * @returns `[N, C, height, width]`, owned by the caller
 * @see spec 1.2
 */
export function resizeNearest(
  image: Tensor<"float32">,
  { height, width }: Size,
): Tensor<"float32", readonly [number, number, number, number]> {
  const [batch, channels, inHeight, inWidth] = expectShape(image, ["N", "C", "H", "W"], "resizeNearest image").dims;
  const rows = nearestIndices(inHeight, height);
  const columns = nearestIndices(inWidth, width);
  const out = zeros([batch, channels, height, width]);
  let to = 0;
  for (let plane = 0; plane < batch * channels; plane++)
    for (const row of rows)
      for (const column of columns) out.data[to++] = image.data[(plane * inHeight + row) * inWidth + column]!;
  return out;
}

/** Which of `from` positions each of `to` positions repeats. */
export function nearestIndices(from: number, to: number): Int32Array {
  const step = Math.fround(from / to);
  return Int32Array.from({ length: to }, (_, i) => Math.min(Math.floor(Math.fround(i * step)), from - 1));
}
