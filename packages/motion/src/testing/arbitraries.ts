import { type Tensor, tensor } from "@bunraku/backends";
import fc from "fast-check";

const place = fc.double({ min: -1, max: 1, noNaN: true });

/** `[count, 2]`: points anywhere on the picture, in float32. */
export const pointsOf = (count: number): fc.Arbitrary<Tensor<"float32", readonly [number, 2]>> =>
  fc
    .array(place, { minLength: 2 * count, maxLength: 2 * count })
    .map((values) => tensor("float32", Float32Array.from(values), [count, 2]));

/** `[count, 2]`: points on a jittered ring, so that they are apart and not on a line. */
export const apartPointsOf = (count: number): fc.Arbitrary<Tensor<"float32", readonly [number, 2]>> =>
  pointsOf(count).map(({ data }) => {
    const ring = data.map((jitter, i) => {
      const angle = (2 * Math.PI * Math.floor(i / 2)) / count;
      return 0.7 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) + (0.4 / count) * jitter;
    });
    return tensor("float32", ring, [count, 2]);
  });
