import { expectShape, type Tensor, zeros } from "@bunraku/backends";
import type { Flow } from "@bunraku/warp";

/**
 * Dense flow: the sparse motions, mixed by masks that say which one each pixel follows.
 *
 * @param motions `[K + 1, H, W, 2]`
 * @param masks `[1, K + 1, H, W]`, summing to 1 over K + 1
 * @returns `[1, H, W, 2]`, owned by the caller
 * @see spec 1.5, step 8
 */
export function combineMotions(motions: Tensor<"float32">, masks: Tensor<"float32">): Flow {
  const [count, height, width] = expectShape(motions, ["K + 1", "H", "W", 2], "combineMotions motions").dims;
  expectShape(masks, [1, count, height, width], "combineMotions masks");
  const flow = zeros([1, height, width, 2]);
  const positions = height * width;
  for (let i = 0; i < positions; i++) {
    let x = 0;
    let y = 0;
    for (let k = 0; k < count; k++) {
      const share = masks.data[k * positions + i]!;
      x += share * motions.data[2 * (k * positions + i)]!;
      y += share * motions.data[2 * (k * positions + i) + 1]!;
    }
    flow.data[2 * i] = x;
    flow.data[2 * i + 1] = y;
  }
  return flow;
}
