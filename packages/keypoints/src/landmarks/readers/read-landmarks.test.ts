import { BunrakuError, tensor } from "@bunraku/backends";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type LandmarkOptions, type LandmarkValues, readLandmarks } from "./read-landmarks.ts";

const size = { height: 101, width: 201 };
const face: LandmarkOptions = { layout: "face5", size };
const pixels = [
  [50, 0],
  [100, 50],
  [150, 100],
  [0, 100],
  [200, 25],
] as const;
const wanted = [-0.5, -1, 0, 0, 0.5, 1, -1, 1, 1, -0.5];
const flat = pixels.flat();
/** The layout of the scijs package, which our users have and we do not need. */
const nd = (data: Float32Array | Float64Array, shape: readonly number[], stride = [shape[1]!, 1]) => ({
  data,
  shape,
  stride,
  offset: 0,
});
const withThird = pixels.map(([x, y], i) => [x, y, i / 5]);

test.each<[string, LandmarkValues]>([
  ["pairs", pixels],
  ["pairs in typed arrays", pixels.map((pair) => Float64Array.from(pair))],
  ["objects", pixels.map(([x, y]) => ({ x, y, z: 3 }))],
  ["flat numbers", flat],
  ["flat typed numbers", Float32Array.from(flat)],
  ["an ndarray", nd(Float64Array.from(flat), [5, 2])],
  [
    "a transposed ndarray",
    nd(Float32Array.from([...pixels.map(([x]) => x), ...pixels.map(([, y]) => y)]), [5, 2], [1, 5]),
  ],
  ["a tensor", tensor("float32", Float32Array.from(flat), [5, 2])],
])("%s are read alike", (_, values) => {
  const { points, confidences } = readLandmarks(values, face);
  expect([...points.data].map((value) => Math.round(value * 1e6) / 1e6)).toEqual(wanted);
  expect([...confidences!.data]).toEqual([1, 1, 1, 1, 1]);
});

test.each<[string, LandmarkValues]>([
  ["triples", withThird],
  ["flat triples", withThird.flat()],
  ["an ndarray of triples", nd(Float32Array.from(withThird.flat()), [5, 3])],
])("a third number of %s is a confidence or a depth, as the layout or the caller says", (_, values) => {
  const read = (third?: "confidence" | "depth") =>
    [...readLandmarks(values, { ...face, ...(third && { third }) }).confidences!.data].map(
      (c) => Math.round(c * 10) / 10,
    );
  expect(read()).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  expect(read("depth")).toEqual([1, 1, 1, 1, 1]);
});

test("faces of 68 and of 468 points have a depth by default, bodies a confidence", () => {
  const triples = (count: number) => Array.from({ length: count }, (_, i) => [i % 100, i % 50, 0]);
  expect(readLandmarks(triples(68), { layout: "face68", size }).confidences!.data[3]).toBe(1);
  expect(readLandmarks(triples(478), { layout: "faceMesh478", size }).confidences!.data[3]).toBe(1);
  expect(readLandmarks(triples(17), { layout: "coco17", size }).confidences!.data[3]).toBe(0);
});

test("MediaPipe's shares count from the picture's edges", () => {
  const middle = Array.from({ length: 468 }, () => ({ x: 0.5, y: 0, z: 0 }));
  const { points } = readLandmarks(middle, { layout: "faceMesh468", coordinates: "unit", origin: "edge", size });
  expect(points.data[0]).toBeCloseTo(0, 6);
  expect(points.data[1]).toBeCloseTo(-1.01, 6); // half of a pixel of 101 above the first one's centre
});

test.each<[string, LandmarkValues]>([
  ["null", [null, ...pixels.slice(1)]],
  ["undefined", [undefined, ...pixels.slice(1)]],
  ["NaN", [[Number.NaN, Number.NaN], ...pixels.slice(1)]],
  ["half a NaN", [[3, Number.NaN], ...pixels.slice(1)]],
  ["nulls", [[null, null], ...pixels.slice(1)]],
  ["an unsure object", [{ x: Number.NaN, y: 3 }, ...pixels.slice(1)]],
  ["flat NaN", [Number.NaN, Number.NaN, ...flat.slice(2)]],
  ["no confidence", [[50, 0, 0], ...pixels.slice(1)]],
  ["a confidence of NaN", [[50, 0, Number.NaN], ...pixels.slice(1)]],
])("a point that is %s was not found", (_, values) => {
  const { points, confidences } = readLandmarks(values, face);
  expect([...points.data.subarray(0, 2), ...confidences!.data]).toEqual([0, 0, 0, 1, 1, 1, 1]);
});

test("a layout of one's own will do", () => {
  const own = { name: "hands", count: 5, parts: {}, edges: [], flips: [0, 1, 2, 3, 4], third: "depth" } as const;
  expect(readLandmarks(pixels, { layout: own, size }).points.dims).toEqual([5, 2]);
});

test.each<[unknown, Partial<LandmarkOptions>, string, string]>([
  [null, {}, "SHAPE", "readLandmarks: expected the points of face5, got null."],
  [pixels.slice(1), {}, "SHAPE", "readLandmarks: face5 has 5 points, [5, 2] or [5, 3], got 4 points."],
  [[], {}, "SHAPE", "got 0 points."],
  [flat.slice(1), {}, "SHAPE", "got 9 numbers."],
  [nd(new Float32Array(10), [2, 5]), {}, "SHAPE", "got [2, 5]."],
  [tensor("float32", new Float32Array(10), [10]), {}, "SHAPE", "got [10]."],
  [{}, {}, "SHAPE", "got object."],
  [{ data: 5, dims: [5, 2] }, {}, "SHAPE", "got [5, 2]."],
  [{ data: new Float32Array(9), dims: [5, 2] }, {}, "SHAPE", "got [5, 2]."],
  [{ data: new Float32Array(10), dims: 5 }, {}, "SHAPE", "got [5]."],
  [{ data: new Float32Array(10), shape: [5, 2] }, {}, "SHAPE", "got object."],
  [{ data: new Float32Array(9), shape: [5, 2], stride: [2, 1], offset: 0 }, {}, "SHAPE", "ndarray: its layout reads"],
  [
    [[1], ...pixels.slice(1)],
    {},
    "MOTION",
    "readLandmarks point 0: expected [x, y], [x, y, third] or { x, y }, got a list of 1.",
  ],
  [
    [...pixels.slice(1), "x"],
    {},
    "MOTION",
    'readLandmarks point 4: expected [x, y], [x, y, third] or { x, y }, got "x".',
  ],
  [[...pixels.slice(1), ["1", 2]], {}, "MOTION", 'point 4: expected [x, y], [x, y, third] or { x, y }, got "1".'],
  [[...pixels.slice(1), [1, Infinity]], {}, "MOTION", "got Infinity."],
  [
    pixels,
    { layout: "face6" as "face5" },
    "OPTION",
    "readLandmarks: layout must be one of body25, coco17, coco18, face5,",
  ],
  [pixels, { third: "z" as "depth" }, "OPTION", 'third must be confidence or depth, got "z".'],
  [pixels, { coordinates: "signed" }, "MOTION", 'coordinates "signed" go from -1 to 1, got 200. Are these pixels?'],
])("%j, %j is refused", (values, more, code, message) => {
  const read = () => readLandmarks(values as LandmarkValues, { ...face, ...more });
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ code }));
});

test("whatever it is given, it reads it or says what is wrong", () => {
  fc.assert(
    fc.property(fc.anything({ withTypedArray: true, withNullPrototype: true }), (values) => {
      try {
        expect(readLandmarks(values as LandmarkValues, face).points.dims).toEqual([5, 2]);
      } catch (error) {
        expect(BunrakuError.is(error)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
