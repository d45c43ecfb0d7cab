import { BunrakuError, expectShape, type Tensor, zeros } from "@bunraku/backends";

export interface GridSampleOptions {
  /**
   * What lies outside the image: zeros (fading over one pixel), its nearest border pixel, or the image mirrored at ±1,
   * again and again. @default "zeros"
   */
  readonly padding?: "zeros" | "border" | "reflection";
  /** Whether -1 and 1 are the centres (true) or the outer edges (false) of the corner pixels. @default false, as in PyTorch */
  readonly alignCorners?: boolean;
}

/**
 * Backward warp: bilinear lookup of `image` at every place of `grid`.
 *
 * Convention: `grid` holds (x, y) in that order, x to the right and y down, in [-1, 1]; it says where to *read from*.
 *
 * A coordinate that is not a number reads zeros; one far outside reads what `padding` says.
 *
 * @param image `[N, C, H, W]`
 * @param grid `[N, Ho, Wo, 2]`
 * @returns `[N, C, Ho, Wo]`, owned by the caller. Inputs are borrowed.
 * @throws `SHAPE` when ranks or batch sizes disagree.
 * @see spec 1.2; torch.nn.functional.grid_sample and ONNX GridSample-16: same numbers, same defaults
 */
export function gridSample(
  image: Tensor<"float32">,
  grid: Tensor<"float32">,
  { padding = "zeros", alignCorners = false }: GridSampleOptions = {},
): Tensor<"float32", readonly [number, number, number, number]> {
  const [batch, channels, height, width] = expectShape(image, ["N", "C", "H", "W"], "gridSample image").dims;
  const [gridBatch, outHeight, outWidth] = expectShape(grid, ["N", "Ho", "Wo", 2], "gridSample grid").dims;
  if (gridBatch !== batch)
    throw new BunrakuError("SHAPE", `gridSample: image has batch size ${batch}, grid has ${gridBatch}.`);

  const out = zeros([batch, channels, outHeight, outWidth]);
  const source = image.data;
  const places = grid.data;
  const plane = height * width;
  const outPlane = outHeight * outWidth;
  for (let n = 0; n < batch; n++) {
    for (let pixel = 0; pixel < outPlane; pixel++) {
      let u = toPixels(places[2 * (n * outPlane + pixel)]!, width, alignCorners);
      let v = toPixels(places[2 * (n * outPlane + pixel) + 1]!, height, alignCorners);
      if (Number.isNaN(u) || Number.isNaN(v)) continue;
      if (padding !== "zeros") {
        if (padding === "reflection") {
          u = mirror(u, width, alignCorners);
          v = mirror(v, height, alignCorners);
        }
        u = Math.min(Math.max(u, 0), width - 1);
        v = Math.min(Math.max(v, 0), height - 1);
      } else if (u <= -1 || u >= width || v <= -1 || v >= height) continue; // also: beyond 2^53, x + 1 is x
      const left = Math.floor(u);
      const top = Math.floor(v);
      const right = u - left; // weight of the right column
      const bottom = v - top; // weight of the lower row
      for (let c = 0; c < channels; c++) {
        const at = (n * channels + c) * plane;
        // Each of the four neighbours is tested on its own: outside contributes zero.
        let sum = 0;
        for (let y = top; y <= top + 1; y++) {
          if (y < 0 || y >= height) continue;
          const rowWeight = y === top ? 1 - bottom : bottom;
          for (let x = left; x <= left + 1; x++) {
            if (x < 0 || x >= width) continue;
            sum += source[at + y * width + x]! * rowWeight * (x === left ? 1 - right : right);
          }
        }
        out.data[(n * channels + c) * outPlane + pixel] = sum;
      }
    }
  }
  return out;
}

/**
 * The place in pixels of a normalised coordinate, 0 on the centre of the first pixel.
 *
 * @param coordinate in [-1, 1] inside the image
 * @param size pixels along this axis
 */
export function toPixels(coordinate: number, size: number, alignCorners: boolean): number {
  return alignCorners ? ((coordinate + 1) / 2) * (size - 1) : ((coordinate + 1) * size - 1) / 2;
}

/** The place inside the image that is seen at `place` between two mirrors, on the centres or the edges of its ends. */
function mirror(place: number, size: number, alignCorners: boolean): number {
  const end = alignCorners ? 0 : -0.5;
  const length = alignCorners ? size - 1 : size;
  const way = Math.abs(place - end) % (2 * length) || 0; // NaN for an aligned side of one pixel, and at infinity
  return end + Math.min(way, 2 * length - way);
}
