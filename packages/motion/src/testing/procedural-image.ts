import { tensor } from "@bunraku/backends";
import type { Image, Size } from "@bunraku/warp";

/** Test picture `k` of the golden fixtures: 0 the source, 1 the initial driving frame, 2 the driving frame (spec, appendix G). */
export function proceduralImage({ height, width }: Size, k: number): Image {
  const data = new Float32Array(3 * height * width);
  let at = 0;
  for (let c = 0; c < 3; c++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const x = column / width;
        const y = row / height;
        const slow = Math.sin(2 * Math.PI * ((2 + c) * x + (3 - c) * y) + 0.7 * c + 0.9 * k);
        const fast = Math.sin(2 * Math.PI * ((5 + c) * x * (1 + 0.1 * k) - (4 - c) * y) + 1.3 * k);
        data[at++] = 0.5 + 0.25 * slow + 0.25 * fast;
      }
    }
  }
  return tensor("float32", data, [1, 3, height, width]);
}
