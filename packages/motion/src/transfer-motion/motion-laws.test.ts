import { type Tensor, tensor, zeros } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import type { Keypoints } from "@bunraku/keypoints";
import { coordinateOf, gridSample, identityGrid } from "@bunraku/warp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { combineMotions } from "../combine-motions/combine-motions.ts";
import { sparseMotions } from "../sparse-motions/sparse-motions.ts";
import { apartPointsOf } from "../testing/arbitraries.ts";
import { type TransferOptions, transferMotion } from "./transfer-motion.ts";

// Laws of the whole way, from keypoints to pixels, whatever the masks: transfer, sparse motions, their mixture, the warp.

const count = 4;
const size = { height: 9, width: 12 };
const even = (min: number, max: number) => fc.nat(1e6).map((share) => min + ((max - min) * share) / 1e6);
const many = (entry: fc.Arbitrary<number>, length: number) => fc.array(entry, { minLength: length, maxLength: length });

/** Matrices far from singular: turned, stretched and sheared. */
const matrix = fc
  .record({ angle: even(0, 2 * Math.PI), long: even(0.5, 2), wide: even(0.5, 2), shear: even(-0.5, 0.5) })
  .map(({ angle, long, wide, shear }) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [cos * long, cos * shear - sin * wide, sin * long, sin * shear + cos * wide];
  });
const matrices = fc
  .array(matrix, { minLength: count, maxLength: count })
  .map((all) => floats(all.flat(), [count, 2, 2]));
/** Positive and symmetric. */
const spreads = fc.array(matrix, { minLength: count, maxLength: count }).map((all) =>
  floats(
    all.flatMap(([a, b, c, d]) => [a! * a! + b! * b!, a! * c! + b! * d!, a! * c! + b! * d!, c! * c! + d! * d!]),
    [count, 2, 2],
  ),
);

const firstOrder: fc.Arbitrary<Keypoints> = fc.record({ points: apartPointsOf(count), jacobians: matrices });
const zerothOrder: fc.Arbitrary<Keypoints> = fc.record({ points: apartPointsOf(count), covariances: spreads });
const families = [
  ["first-order", firstOrder],
  ["Monkey-Net", zerothOrder],
] as const;

/** Any masks that sum to one: of all candidates, or of the keypoints alone. */
const masksOf = ({ background }: { background: boolean }) =>
  fc.nat().map((seed) => {
    const shares = noise([1, count + 1, size.height, size.width], seed, [-5, 5]);
    const positions = size.height * size.width;
    for (let i = 0; i < positions; i++) {
      const at = Array.from({ length: count + 1 }, (_, k) => k * positions + i);
      const weights = at.map((j, k) => (k === 0 && !background ? 0 : Math.exp(shares.data[j]!)));
      const total = weights.reduce((sum, weight) => sum + weight);
      for (const [k, j] of at.entries()) shares.data[j] = weights[k]! / total;
    }
    return shares;
  });
const masks = masksOf({ background: true });
const keypointMasks = masksOf({ background: false });

function floats<const D extends readonly number[]>(values: readonly number[], dims: D): Tensor<"float32", D> {
  return tensor("float32", Float32Array.from(values), dims);
}

function flowOf(
  source: Keypoints,
  driving: Keypoints,
  initial: Keypoints,
  shares: Tensor<"float32">,
  options: TransferOptions = {},
) {
  const { keypoints, jacobians } = transferMotion(source, driving, initial, options);
  return combineMotions(sparseMotions(source.points, keypoints.points, jacobians, size), shares);
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test.each(families)("relative transfer of the initial frame gives back a %s source, and its picture", (_, any) => {
  const options = fc.record({ adaptScale: fc.boolean(), keepInside: fc.boolean() });
  fc.assert(
    fc.property(any, any, masks, options, (source, initial, shares, options) => {
      const { keypoints } = transferMotion(source, initial, initial, { ...options, adaptCovariances: true });
      for (const name of ["points", "jacobians", "covariances"] as const)
        expect(difference(keypoints[name]?.data ?? [], source[name]?.data ?? [])).toBeLessThan(1e-4);
      expect(difference(keypoints.points.data, source.points.data)).toBe(0);
      const flow = flowOf(source, initial, initial, shares, options);
      expect(difference(flow.data, identityGrid(size).data)).toBeLessThan(1e-5);
      const picture = noise([1, 3, size.height, size.width], 1);
      expect(difference(gridSample(picture, flow, { alignCorners: true }).data, picture.data)).toBeLessThan(1e-4);
    }),
  );
});

test.each(families)("a driver that is the source is the identity when movement is absolute, %s", (_, any) => {
  fc.assert(
    fc.property(any, any, masks, (source, initial, shares) => {
      const flow = flowOf(source, source, initial, shares, { movement: "absolute" });
      expect(difference(flow.data, identityGrid(size).data)).toBeLessThan(1e-5);
    }),
  );
});

test.each(families)(
  "a driver that shifts by whole pixels shifts a %s picture by them, where the background stays out",
  (_, any) => {
    const steps = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(any, any, keypointMasks, steps, (source, initial, shares, [dx, dy]) => {
        const step = [(2 * dx) / (size.width - 1), (2 * dy) / (size.height - 1)];
        const driving = {
          ...initial,
          points: floats(
            [...initial.points.data].map((p, i) => p + step[i % 2]!),
            [count, 2],
          ),
        };
        const flow = flowOf(source, driving, initial, shares);
        const picture = noise([1, 1, size.height, size.width], 2);
        const moved = gridSample(picture, flow, { alignCorners: true });
        for (let y = Math.max(0, dy); y < Math.min(size.height, size.height + dy); y++)
          for (let x = Math.max(0, dx); x < Math.min(size.width, size.width + dx); x++)
            expect(
              Math.abs(moved.data[y * size.width + x]! - picture.data[(y - dy) * size.width + x - dx]!),
            ).toBeLessThan(1e-4);
      }),
    );
  },
);

test("keypoints that all follow one affine map warp the picture by that map", () => {
  // A picture that is linear in x and y is reproduced by bilinear sampling: the warp shows the map itself.
  const ramp = (x: number, y: number) => 0.3 * x - 0.7 * y + 0.1;
  const { data: places } = identityGrid(size);
  const picture = zeros([1, 1, size.height, size.width]);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = ramp(places[2 * i]!, places[2 * i + 1]!);
  fc.assert(
    fc.property(apartPointsOf(count), matrix, many(even(-0.3, 0.3), 2), keypointMasks, (driven, map, shift, shares) => {
      const [a, b, c, d] = map as [number, number, number, number];
      const taken = (x: number, y: number) => [a * x + b * y + shift[0]!, c * x + d * y + shift[1]!] as const;
      const points = Array.from({ length: count }, (_, k) =>
        taken(driven.data[2 * k]!, driven.data[2 * k + 1]!),
      ).flat();
      const repeated = (matrix: readonly number[]) => floats(Array(count).fill(matrix).flat(), [count, 2, 2]);
      const source = { points: floats(points, [count, 2]), jacobians: repeated(map) };
      const driving = { points: driven, jacobians: repeated([1, 0, 0, 1]) };
      const flow = flowOf(source, driving, driving, shares, { movement: "absolute" });
      const warped = gridSample(picture, flow, { alignCorners: true });
      for (let i = 0; i < warped.data.length; i++) {
        const [x, y] = taken(
          coordinateOf(i % size.width, size.width),
          coordinateOf(Math.floor(i / size.width), size.height),
        );
        expect(Math.abs(flow.data[2 * i]! - x)).toBeLessThan(1e-5);
        expect(Math.abs(flow.data[2 * i + 1]! - y)).toBeLessThan(1e-5);
        if (Math.abs(x) < 1 && Math.abs(y) < 1) expect(Math.abs(warped.data[i]! - ramp(x, y))).toBeLessThan(1e-4);
      }
    }),
  );
});

test("masks that sum to one leave a constant picture constant wherever the flow stays inside", () => {
  const flat = tensor("float32", new Float32Array(108).fill(0.75), [1, 1, 9, 12]);
  fc.assert(
    fc.property(zerothOrder, zerothOrder, zerothOrder, masks, (source, driving, initial, shares) => {
      const flow = flowOf(source, driving, initial, shares);
      const warped = gridSample(flat, flow, { alignCorners: true });
      for (let i = 0; i < warped.data.length; i++)
        if (Math.max(Math.abs(flow.data[2 * i]!), Math.abs(flow.data[2 * i + 1]!)) <= 1)
          expect(Math.abs(warped.data[i]! - 0.75)).toBeLessThan(1e-5);
    }),
  );
});
