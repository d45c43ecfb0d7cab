import { type Tensor, tensor } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import type { Keypoints } from "@bunraku/keypoints";
import { coordinateOf, identityGrid } from "@bunraku/warp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sparseMotions } from "../sparse-motions/sparse-motions.ts";
import { apartPointsOf } from "../testing/arbitraries.ts";
import { splineAt, splineJacobianAt } from "../thin-plate-spline/spline-at.ts";
import { thinPlateSpline } from "../thin-plate-spline/thin-plate-spline.ts";
import { transferMotion } from "../transfer-motion/transfer-motion.ts";
import { type DialedMotion, dialMotion } from "./dial-motion.ts";
import { type DialOptions, type MotionOrder, motionOrders } from "./dial-options.ts";

const size = { height: 5, width: 7 };
const floats = (values: ArrayLike<number>, dims: readonly number[]) =>
  tensor("float32", Float32Array.from(values), dims) as never;
const keypoints = (points: ArrayLike<number>, jacobians?: ArrayLike<number>): Keypoints => ({
  points: floats(points, [points.length / 2, 2]),
  ...(jacobians && { jacobians: floats(jacobians, [jacobians.length / 4, 2, 2]) }),
});
const error = (got: ArrayLike<number>, wanted: ArrayLike<number>) =>
  got.length === wanted.length
    ? Array.from(got).reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0)
    : Infinity;

/** What every motion, the background's first, makes of the grid. */
const motionsOf = (source: Keypoints, motion: DialedMotion) =>
  sparseMotions(source.points, motion.keypoints.points, motion.jacobians, size, motion);
const motionOf = ({ data }: Tensor<"float32">, k: number) => data.subarray(2 * 35 * k, 2 * 35 * (k + 1));
const grid = identityGrid(size).data;

/** Jacobians that turn, scale and shear a little: near the identity, as those of a clip are. */
const gentle = (count: number, seed: number) =>
  noise([count, 2, 2], seed, [-0.3, 0.3]).data.map((value, i) => value + (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
const some = (count: number, seed: number) => keypoints(noise([count, 2], seed).data, gentle(count, seed + 50));
const bare = ({ points }: Keypoints): Keypoints => ({ points });

const [source, driving, initial] = [some(5, 1), some(5, 2), some(5, 3)];
const motion = transferMotion(source, driving, initial);

/** Where each d_k is read: T_k(d_k). A grid of one pixel is the place (0, 0), so everything is moved until d_k is there. */
function placesRead(motion: DialedMotion): number[] {
  const { points } = motion.keypoints;
  return Array.from({ length: points.dims[0] }, (_, k) => {
    const shifted = floats(
      points.data.map((value, i) => value - points.data[2 * k + (i % 2)]!),
      points.dims,
    );
    const { data } = sparseMotions(source.points, shifted, motion.jacobians, { height: 1, width: 1 }, motion);
    return [...data.subarray(2 * (k + 1), 2 * (k + 2))];
  }).flat();
}

describe("the identity", () => {
  const orderOf = fc.constantFrom(...motionOrders);
  test.each([true, false])(
    "an identity motion is the identity in every order and every mixture, jacobians: %s",
    (first) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 7 }).chain((count) =>
            fc.record({
              points: apartPointsOf(count),
              order: fc.oneof(orderOf, fc.array(orderOf, { minLength: count, maxLength: count })),
              gain: fc.double({ min: -10, max: 10, noNaN: true }),
              stiffness: fc.constantFrom(0, 0.5),
              freeze: fc.subarray([...Array(count).keys()]),
            }),
          ),
          fc.nat(99),
          ({ points, order, ...options }, seed) => {
            const start = first ? { points, jacobians: some(points.dims[0], seed).jacobians! } : { points };
            const still = transferMotion(start, start, start);
            const zerothFor = (wanted: MotionOrder) => (wanted === "first" && !first ? "zeroth" : wanted);
            const orders = Array.isArray(order) ? order.map(zerothFor) : zerothFor(order as MotionOrder);
            const motions = motionsOf(start, dialMotion(start, still, { ...options, order: orders }));
            for (let k = 0; k <= points.dims[0]; k++) expect(error(motionOf(motions, k), grid)).toBeLessThan(2e-6);
          },
        ),
      );
    },
  );

  test.each(motionOrders)("gain 0, and freezing all, make it of any motion, order %s", (order) => {
    for (const options of [{ gain: 0 }, { freeze: [0, 1, 2, 3, 4] }, { gain: [0, 2, 0, 1, 0], freeze: [1, 3] }]) {
      const dialed = dialMotion(source, motion, { order, ...options });
      expect(dialed.keypoints.points.data).toEqual(source.points.data);
      expect(dialed.keypoints.jacobians!.data).toEqual(source.jacobians!.data);
      expect(dialed.jacobians!.data).toEqual(
        Float32Array.from({ length: 20 }, (_, i) => (i % 4 === 1 || i % 4 === 2 ? 0 : 1)),
      );
      if (order === "spline") expect(dialed.spline!.data.every((weight) => weight === 0)).toBe(true);
      const motions = motionsOf(source, dialed);
      for (let k = 0; k <= 5; k++) expect(error(motionOf(motions, k), grid)).toBeLessThan(1e-6);
    }
  });

  test("a limit of 0 leaves points in place, and jacobians as they are", () => {
    const dialed = dialMotion(source, motion, { limit: 0 });
    expect(dialed.keypoints.points.data).toEqual(source.points.data);
    expect(dialed.jacobians!.data).toEqual(motion.jacobians!.data);
  });
});

describe("orders", () => {
  test.each([motion, transferMotion(bare(source), bare(driving), bare(initial))])(
    "nothing turned is the motion to the bit, in memory of its own",
    (given) => {
      for (const options of [{}, { gain: 1, limit: Infinity, freeze: [] }, { gain: [1, 1, 1, 1, 1], limit: 10 }]) {
        const dialed = dialMotion(source, given, options);
        expect(dialed.keypoints.points.data).toEqual(given.keypoints.points.data);
        expect(dialed.keypoints.jacobians?.data).toEqual(given.keypoints.jacobians?.data);
        expect(dialed.jacobians?.data).toEqual(given.jacobians?.data);
        expect([dialed.anchors, dialed.spline, dialed.warnings]).toEqual([undefined, undefined, []]);
        expect(dialed.keypoints.points.data).not.toBe(given.keypoints.points.data);
      }
    },
  );

  test("zeroth order of a first-order model: jacobians that are the identity, and moved ones that are the source's", () => {
    const dialed = dialMotion(source, motion, { order: "zeroth" });
    const zeroth = sparseMotions(source.points, motion.keypoints.points, undefined, size);
    expect(motionsOf(source, dialed).data).toEqual(zeroth.data);
    expect(dialed.keypoints.jacobians!.data).toEqual(source.jacobians!.data);
  });

  test("a spline that is not stiff goes through all keypoints, and is one map for all of them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 9 }).chain((count) => fc.tuple(apartPointsOf(count), apartPointsOf(count))),
        fc.boolean(),
        ([from, to], first) => {
          const count = from.dims[0];
          const jacobians = first ? { jacobians: some(count, 4).jacobians! } : {};
          const start = { points: to, ...jacobians };
          const given = { keypoints: { points: from, ...jacobians }, ...jacobians, warnings: [] };
          const dialed = dialMotion(start, given, { order: "spline", stiffness: 0 });
          const motions = motionsOf(start, dialed);
          const spline = thinPlateSpline(from, to);
          for (let k = 1; k <= count; k++) {
            for (let pixel = 0; pixel < 35; pixel += 4) {
              const place = splineAt(spline, grid[2 * pixel]!, grid[2 * pixel + 1]!);
              expect(error(motionOf(motions, k).subarray(2 * pixel, 2 * pixel + 2), place)).toBeLessThan(2e-5);
            }
          }
        },
      ),
    );
  });

  test("first order with the right jacobians, and the spline, are both the affine map that all keypoints follow", () => {
    const [xx, xy, yx, yy, bx, by] = [1.25, 0.25, -0.5, 0.75, 0.125, -0.25];
    const { points } = driving;
    const to = points.data.map((_, i) =>
      i % 2
        ? yx * points.data[i - 1]! + yy * points.data[i]! + by
        : xx * points.data[i]! + xy * points.data[i + 1]! + bx,
    );
    const jacobians = floats(Array(5).fill([xx, xy, yx, yy]).flat(), [5, 2, 2]);
    const start = { points: floats(to, [5, 2]), jacobians };
    const given = { keypoints: { points, jacobians }, jacobians, warnings: [] };
    const wanted = grid.map((_, i) =>
      i % 2 ? yx * grid[i - 1]! + yy * grid[i]! + by : xx * grid[i]! + xy * grid[i + 1]! + bx,
    );
    for (const order of ["first", "spline"] as const) {
      const motions = motionsOf(start, dialMotion(start, given, { order }));
      for (let k = 1; k <= 5; k++) expect(error(motionOf(motions, k), wanted)).toBeLessThan(1e-5);
    }
  });

  test("a translation by whole steps of the grid is that translation in every order, to the bit", () => {
    const steps = { height: 5, width: 5 }; // of halves, which are exact
    const places = floats([-1, -1, 0.5, -0.5, 0, 1, 1, 0.5], [4, 2]) as Keypoints["points"];
    const moved = floats(
      places.data.map((value, i) => value + (i % 2 ? -1 : 0.5)),
      [4, 2],
    ) as Keypoints["points"];
    const identities = floats(Array(4).fill([1, 0, 0, 1]).flat(), [4, 2, 2]) as never;
    const start = { points: places, jacobians: identities };
    const given = { keypoints: { points: moved, jacobians: identities }, jacobians: identities, warnings: [] };
    for (const order of motionOrders) {
      const dialed = dialMotion(start, given, { order });
      const { data } = sparseMotions(places, moved, dialed.jacobians, steps, dialed);
      for (let i = 50; i < data.length; i++) {
        const at = i % 50; // place within one motion
        const coordinate = at % 2 ? coordinateOf(Math.floor(at / 10), 5) + 1 : coordinateOf((at >> 1) % 5, 5) - 0.5;
        expect(data[i]).toBe(coordinate);
      }
    }
  });

  test("each keypoint has its own order, and is read at its place in the source in every mixture", () => {
    const orders = ["spline", "zeroth", "first", "spline", "first"] as const;
    const dialed = dialMotion(source, motion, { order: orders, gain: [1, 0.5, 2, -1, 1], limit: 0.7 });
    for (let k = 0; k < 5; k++) {
      const row = dialed.spline!.data.subarray(10 * k, 10 * k + 10);
      expect(row.some((weight) => weight !== 0)).toBe(orders[k] === "spline");
    }
    expect(error(placesRead(dialed), source.points.data)).toBeLessThan(1e-5);
    expect([...dialed.jacobians!.data.subarray(4, 8)]).toEqual([1, 0, 0, 1]);
    expect(dialed.jacobians!.data.subarray(16)).toEqual(motion.jacobians!.data.subarray(16));
  });

  test("a frozen keypoint stays, its surroundings too, and pins the spline of the others", () => {
    const dialed = dialMotion(source, motion, { order: "spline", freeze: [2], stiffness: 0 });
    expect(dialed.keypoints.points.data.subarray(4, 6)).toEqual(source.points.data.subarray(4, 6));
    expect(error(motionOf(motionsOf(source, dialed), 3), grid)).toBeLessThan(1e-6);
    const spline = thinPlateSpline(dialed.keypoints.points, source.points);
    const [x, y] = [source.points.data[4]!, source.points.data[5]!];
    expect(error(splineAt(spline, x, y), [x, y])).toBeLessThan(1e-9);
    expect(error(dialed.spline!.data.subarray(0, 10), spline.weights)).toBeLessThan(1e-6);
    expect(error(dialed.keypoints.jacobians!.data.subarray(8, 12), source.jacobians!.data.subarray(8, 12))).toBe(0);
  });

  test("moved jacobians fit the motion: J_k = Js · inverse(J moved), with the spline's derivative in spline order", () => {
    const orders = ["first", "spline", "zeroth", "first", "spline"] as const;
    const dialed = dialMotion(source, motion, { order: orders, gain: 0.5, stiffness: 0 });
    const spline = thinPlateSpline(dialed.keypoints.points, source.points);
    const wanted = dialMotion(source, { ...motion, warnings: [] }, { gain: 0.5 }).jacobians!.data.slice();
    wanted.set([1, 0, 0, 1], 8);
    for (const k of [1, 4]) {
      const [x, y] = dialed.keypoints.points.data.subarray(2 * k, 2 * k + 2);
      wanted.set(splineJacobianAt(spline, x!, y!), 4 * k);
    }
    const absolute = transferMotion(source, dialed.keypoints, initial, { movement: "absolute" });
    expect(error(absolute.jacobians!.data, wanted)).toBeLessThan(1e-4);
  });

  test("too few keypoints, or ones on a line, move by what fits, with a warning", () => {
    const two = keypoints([0, 0, 0.5, 0]);
    const given = { keypoints: keypoints([0.25, 0, 0.25, 0.5]), warnings: [] };
    const dialed = dialMotion(two, given, { order: "spline" });
    expect(dialed.warnings).toEqual([
      {
        type: "spline-degenerate",
        message:
          "The moved keypoints are too few or lie on a line, so there is no spline through them; they move by a similarity.",
      },
    ]);
    expect(error(dialed.jacobians!.data, [0, 1, -1, 0, 0, 1, -1, 0])).toBeLessThan(1e-6);
    expect([...dialed.spline!.data]).toEqual(new Array(8).fill(0));
    const one = dialMotion(keypoints([0, 0]), { keypoints: keypoints([0.5, 0]), warnings: [] }, { order: "spline" });
    expect([...one.jacobians!.data, ...one.anchors!.data]).toEqual([1, 0, 0, 1, 0, 0]);
    expect(one.warnings[0]!.message).toContain("by a translation");
  });

  test("unless told otherwise a spline is a little stiff", () => {
    const weights = (stiffness?: number) =>
      dialMotion(source, motion, { order: "spline", ...(stiffness !== undefined && { stiffness }) }).spline!.data;
    expect(weights()).toEqual(weights(0.1));
    expect(weights()).not.toEqual(weights(0));
  });

  test("stiffness bends less, and keypoints are still read at the source", () => {
    const bends = [0, 1, 1e6].map((stiffness) => {
      const dialed = dialMotion(source, motion, { order: "spline", stiffness });
      expect(error(placesRead(dialed), source.points.data)).toBeLessThan(1e-5);
      return Math.max(...dialed.spline!.data.map(Math.abs));
    });
    expect(bends[0]).toBeGreaterThan(bends[1]!);
    expect(bends[2]).toBeLessThan(1e-5);
  });
});

describe("gain and limit", () => {
  const start = keypoints([0, 0, 0.5, 0.5], [1, 0, 0, 1, 1, 0, 0, 1]);
  const turned = [0, 1, -1, 0];
  const given = {
    keypoints: keypoints([0.25, 0, 0.5, 0], [0, -1, 1, 0, 0.5, 0, 0, 0.5]),
    jacobians: tensor("float32", Float32Array.of(...turned, 2, 0, 0, 2), [2, 2, 2]),
    warnings: [],
  };

  test("gain multiplies displacement, angle and the logarithm of scale", () => {
    const half = dialMotion(start, given, { gain: 0.5 });
    expect([...half.keypoints.points.data]).toEqual([0.125, 0, 0.5, 0.25]);
    const root = Math.SQRT1_2;
    expect(error(half.jacobians!.data, [root, root, -root, root, Math.SQRT2, 0, 0, Math.SQRT2])).toBeLessThan(1e-6);
    const back = dialMotion(start, given, { gain: [-1, 2] });
    expect([...back.keypoints.points.data]).toEqual([-0.25, 0, 0.5, -0.5]);
    expect(error(back.jacobians!.data, [0, -1, 1, 0, 4, 0, 0, 4])).toBeLessThan(1e-6);
    expect(error(back.keypoints.jacobians!.data, [0, 1, -1, 0, 0.25, 0, 0, 0.25])).toBeLessThan(1e-6);
  });

  test("a jacobian without that power lets its keypoint translate, with a warning; gains 0 and 1 need none", () => {
    const mirrored = { ...given, jacobians: floats([1, 0, 0, -1, 1, 0, 0, 1], [2, 2, 2]) as never };
    const dialed = dialMotion(start, mirrored, { gain: 0.5 });
    expect([...dialed.jacobians!.data]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect(dialed.warnings).toEqual([
      {
        type: "jacobian-power",
        message:
          "keypoint 0: its jacobian mirrors or turns too far for a gain of 0.5; it only translates in this frame.",
      },
    ]);
    for (const gain of [0, 1]) expect(dialMotion(start, mirrored, { gain }).warnings).toEqual([]);
    expect([...dialMotion(start, mirrored, { gain: 1 }).jacobians!.data]).toEqual([1, 0, 0, -1, 1, 0, 0, 1]);
  });

  test("a limit stops keypoints that go farther, in their direction, after gain; jacobians stay", () => {
    const far = { ...given, keypoints: keypoints([0.3, -0.4, 0.5, 0.25]) };
    const dialed = dialMotion(start, far, { limit: 0.25 });
    expect(error(dialed.keypoints.points.data, [0.15, -0.2, 0.5, 0.25])).toBeLessThan(1e-7);
    expect(dialed.jacobians!.data).toEqual(given.jacobians.data);
    const each = dialMotion(start, far, { gain: 2, limit: [1, 0.125] });
    expect(error(each.keypoints.points.data, [0.6, -0.8, 0.5, 0.375])).toBeLessThan(1e-7);
  });

  test("no keypoint is farther than its limit, whatever the gain", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (gain, limit) => {
          const { data } = dialMotion(source, motion, { gain, limit }).keypoints.points;
          for (let k = 0; k < 5; k++) {
            const [dx, dy] = [0, 1].map((axis) => data[2 * k + axis]! - source.points.data[2 * k + axis]!);
            expect(Math.hypot(dx!, dy!)).toBeLessThan(limit + 1e-6);
          }
        },
      ),
    );
  });
});

test("covariances of a keypoint that stays are the source's, of others the motion's", () => {
  const covariances = (seed: number) => noise([5, 2, 2], seed, [0, 1]) as never;
  const from = { points: source.points, covariances: covariances(1) as Keypoints["covariances"] & {} };
  const given = {
    keypoints: { points: driving.points, covariances: covariances(2) as typeof from.covariances },
    warnings: [],
  };
  const { keypoints: moved } = dialMotion(from, given, { freeze: [1] });
  expect(moved.covariances!.data.subarray(4, 8)).toEqual(from.covariances.data.subarray(4, 8));
  expect(moved.covariances!.data.subarray(8)).toEqual(given.keypoints.covariances.data.subarray(8));
});

test("inputs keep their numbers, and warnings of the transfer are handed on", () => {
  const before = [motion.keypoints.points, motion.jacobians!, source.points].map(({ data }) => [...data]);
  const warning = { type: "hull-degenerate", message: "…" };
  const options: DialOptions = { order: "spline", gain: -2, limit: 0.1 };
  expect(dialMotion(source, { ...motion, warnings: [warning] }, options).warnings).toEqual([warning]);
  expect([motion.keypoints.points, motion.jacobians!, source.points].map(({ data }) => [...data])).toEqual(before);
});

test("keypoints of another number are refused", () => {
  expect(() => dialMotion(some(4, 1), motion)).toThrow("dialMotion motion: expected [4, 2], got [5, 2].");
});

test("orders differ where keypoints do not translate alike", () => {
  const [zeroth, first, spline] = motionOrders.map((order) => motionsOf(source, dialMotion(source, motion, { order })));
  expect(compareTensors(zeroth!, first!).maxAbsError).toBeGreaterThan(0.05);
  expect(compareTensors(first!, spline!).maxAbsError).toBeGreaterThan(0.05);
});
