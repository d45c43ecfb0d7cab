import { tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import fc from "fast-check";
import { createMotionClip, type MotionClip } from "../motion-clip/motion-clip.ts";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const confidence = fc.float({ min: 0, max: 1, noNaN: true });

const floats = (value: fc.Arbitrary<number>, dims: readonly number[]) => {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return fc
    .array(value, { minLength: size, maxLength: size })
    .map((values) => tensor("float32", Float32Array.from(values), dims));
};

/** Any header fields, also unknown ones. */
const fields = fc.record(
  {
    generator: fc.string({ unit: "grapheme" }),
    model: fc.record(
      { family: fc.constantFrom("fomm", "monkey-net"), name: fc.string() },
      { requiredKeys: ["family"] },
    ),
    picture: fc.record({ width: fc.integer({ min: 1, max: 9999 }), height: fc.integer({ min: 1, max: 9999 }) }),
    frameRate: fc.constantFrom(24, 25, 30000 / 1001),
    about: fc.string({ unit: "binary", maxLength: 40 }),
    licence: fc.string(),
    provenance: fc.string(),
    "x-unknown": fc.jsonValue(),
    __proto__: fc.constant("kept as well"),
  },
  { requiredKeys: [] },
);

/** Any clip. */
export const clips: fc.Arbitrary<MotionClip> = fc
  .record({
    count: fc.integer({ min: 1, max: 6 }),
    jacobians: fc.boolean(),
    covariances: fc.constantFrom(undefined, [2, 2] as const, [1, 1] as const),
    confidences: fc.boolean(),
  })
  .chain(({ count, jacobians, covariances, confidences }) => {
    const parts: Record<string, fc.Arbitrary<unknown>> = { points: floats(float, [count, 2]) };
    if (jacobians) parts.jacobians = floats(float, [count, 2, 2]);
    if (covariances) parts.covariances = floats(float, [count, ...covariances]);
    if (confidences) parts.confidences = floats(confidence, [count]);
    const keypoints = fc.record(parts) as fc.Arbitrary<unknown> as fc.Arbitrary<Keypoints>;
    const timestamps = fc
      .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), {
        minLength: 1,
        maxLength: 6,
        comparator: (a, b) => a === b,
      })
      .map((list) => list.sort((a, b) => a - b));
    return timestamps.chain((times) =>
      fc.record({
        fields,
        initial: fc.nat(times.length - 1),
        frames: fc.tuple(...times.map((timestamp) => fc.record({ timestamp: fc.constant(timestamp), keypoints }))),
      }),
    );
  })
  .map(({ fields, initial, frames }) => createMotionClip({ ...fields, initial }, frames));
