import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import type { Keypoints } from "@bunraku/keypoints";

/** Keypoints of plain numbers, row by row. */
export function keypointsFrom(parts: {
  readonly points: readonly number[];
  readonly jacobians?: readonly number[];
  readonly covariances?: readonly number[];
  readonly confidences?: readonly number[];
}): Keypoints {
  const count = parts.points.length / 2;
  const floats = (values: readonly number[]) => Float32Array.from(values);
  const spread = parts.covariances && (parts.covariances.length === count ? ([1, 1] as const) : ([2, 2] as const));
  return {
    points: tensor("float32", floats(parts.points), [count, 2]),
    ...(parts.jacobians && { jacobians: tensor("float32", floats(parts.jacobians), [count, 2, 2]) }),
    ...(parts.covariances && { covariances: tensor("float32", floats(parts.covariances), [count, ...spread!]) }),
    ...(parts.confidences && { confidences: tensor("float32", floats(parts.confidences), [count]) }),
  };
}

/** `count` numbers of a normal distribution of standard deviation 1, the same every time. */
export function gaussianNoise(count: number, seed: number): Float64Array {
  const { data } = noise([2, count], seed, [0, 1]);
  return Float64Array.from({ length: count }, (_, i) => {
    // 1 - u is never 0.
    return Math.sqrt(-2 * Math.log(1 - data[i]!)) * Math.cos(2 * Math.PI * data[count + i]!);
  });
}

/** The largest difference between two lists of keypoints, in any part. */
export function largestDifference(a: readonly Keypoints[], b: readonly Keypoints[]): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (const [index, frame] of a.entries()) {
    for (const name of ["points", "jacobians", "covariances", "confidences"] as const) {
      const [here, there] = [frame[name]?.data, b[index]![name]?.data];
      if (here?.length !== there?.length) return Infinity;
      here?.forEach((value, i) => {
        most = Math.max(most, Math.abs(value - there![i]!));
      });
    }
  }
  return most;
}
