import { expectShape, type Tensor } from "@bunraku/backends";
import type { Picture } from "./picture.ts";

/**
 * The bytes of an image: x · 255, rounded half to even, as the authors' demo does.
 *
 * @param image `[1, 3, H, W]`, RGB; values outside [0, 1] are clipped
 * @returns An opaque picture, owned by the caller
 * @see spec 4.3
 */
export function imageToPicture(image: Tensor<"float32">): Picture {
  const [, , height, width] = expectShape(image, [1, 3, "H", "W"], "imageToPicture image").dims;
  const data = new Uint8ClampedArray(width * height * 4); // a clamped array rounds half to even and clips
  const plane = width * height;
  for (let i = 0; i < plane; i++) {
    data[4 * i] = image.data[i]! * 255;
    data[4 * i + 1] = image.data[plane + i]! * 255;
    data[4 * i + 2] = image.data[2 * plane + i]! * 255;
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}
