import { BunrakuError, expectShape, type Tensor } from "@bunraku/backends";
import { hullArea } from "../transfer-motion/hull-area.ts";
import { centred } from "./pose-distance.ts";

/**
 * How differently two faces are posed, by their landmarks: the sum of squared differences over all points, after each set
 * was moved to mean 0 and divided by √(hull area).
 *
 * @param source `[N, 2]`, in any unit; upstream's are the 68 points of face-alignment, in pixels
 * @param driving `[N, 2]`, in any unit
 * @throws `MOTION` when landmarks are not finite, or lie on a line: they have no scale; `SHAPE`
 * @see spec 4.4; first-order-model, `demo.py: normalize_kp`
 */
export function landmarkDistance(source: Tensor<"float32">, driving: Tensor<"float32">): number {
  const [count] = expectShape(source, ["N", 2], "landmarkDistance source").dims;
  expectShape(driving, [count, 2], "landmarkDistance driving");
  const [a, b] = [normalised(source, "source"), normalised(driving, "driving")];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

function normalised(landmarks: Tensor<"float32">, what: string): Float64Array {
  const bad = landmarks.data.find((value) => !Number.isFinite(value));
  if (bad !== undefined) {
    throw new BunrakuError("MOTION", `landmarkDistance ${what}: expected finite numbers, got ${bad}.`);
  }
  const count = landmarks.dims[0]!;
  const scale = Math.sqrt(hullArea(landmarks));
  if (!(scale > 0)) {
    throw new BunrakuError("MOTION", `landmarkDistance ${what}: its ${count} points lie on a line, and have no scale.`);
  }
  return centred(landmarks.data, new Float64Array(count).fill(1 / count)).map((value) => value / scale);
}
