import { expect, test } from "vitest";
import { type AlphaPoseOptions, readAlphaPose } from "./read-alpha-pose.ts";

const size = { height: 101, width: 201 };
const body = (count: number, x: number, confidence = 0.5, step = 1) =>
  Array.from({ length: count }, (_, k) => [x + step * k, step * k, confidence]).flat();
const entry = (image_id: string | number, x: number, more: object = {}, count = 17) => ({
  image_id,
  category_id: 1,
  keypoints: body(count, x),
  score: 1.5,
  ...more,
});
const options: AlphaPoseOptions = { layout: "coco17", size };

/** Where the first point of each frame lies, in pixels. */
const firstPixels = (document: unknown, more: Partial<AlphaPoseOptions> = {}) =>
  readAlphaPose(document, { ...options, ...more }).map(({ image, keypoints: { points, confidences } }) => [
    image,
    confidences!.data[0] === 0 ? undefined : Math.round((points.data[0]! + 1) * 100),
  ]);

test.each([
  ["coco17", 17],
  ["halpe26", 26],
  ["halpe136", 136],
] as const)("%s is read, from pixels to [-1, 1]", (layout, count) => {
  const frames = readAlphaPose([entry("a.png", 50, {}, count)], { layout, size });
  expect(frames.map(({ image }) => image)).toEqual(["a.png"]);
  const { points, confidences } = frames[0]!.keypoints;
  expect([points.dims, confidences!.dims]).toEqual([[count, 2], [count]]);
  expect([...points.data.subarray(0, 2)]).toEqual([-0.5, -1]);
});

test("pictures come in the file's order, each with its best-scored person", () => {
  const document = [
    entry("2.png", 10, { score: 1 }),
    entry("2.png", 20, { score: 2.9 }),
    entry("10.png", 30),
    entry("2.png", 40, { score: 2 }),
    entry(1, 50),
  ];
  expect(firstPixels(document)).toEqual([
    ["2.png", 20],
    ["10.png", 30],
    ["1", 50],
  ]);
});

test("without scores the sum of confidences counts; largest takes the box, or what the points fill", () => {
  const unscored = (x: number, confidence: number, step = 1, more: object = {}) => ({
    image_id: "a",
    keypoints: body(17, x, confidence, step),
    ...more,
  });
  const document = [unscored(10, 0.5), unscored(20, 0.8), unscored(30, 0.3, 3)];
  expect(firstPixels(document)).toEqual([["a", 20]]);
  expect(firstPixels(document, { person: "largest" })).toEqual([["a", 30]]);
  expect(firstPixels([...document, unscored(40, 0.1, 1, { box: [0, 0, 200, 90] })], { person: "largest" })).toEqual([
    ["a", 40],
  ]);
  expect(firstPixels(document, { person: 0 })).toEqual([["a", 10]]);
});

test("a track keeps to one person, and frames without them have no point found", () => {
  const document = [
    entry("1", 10, { idx: 7 }),
    entry("1", 20, { idx: 8, score: 3 }),
    entry("2", 30, { idx: 8 }),
    entry("3", 40, { idx: 7 }),
  ];
  expect(firstPixels(document, { track: 7 })).toEqual([
    ["1", 10],
    ["2", undefined],
    ["3", 40],
  ]);
});

test.each([
  ["cmu", "bodies", "joints"],
  ["open", "people", "pose_keypoints_2d"],
])("the format %s is read, with 18 points", (_, people, list) => {
  const document = {
    "b.png": { version: "AlphaPose v0.3", [people]: [{ [list]: body(18, 10, 0.4) }, { [list]: body(18, 20, 0.9) }] },
    "a.png": { version: "AlphaPose v0.3", [people]: [] },
  };
  expect(firstPixels(document, { layout: "coco18" })).toEqual([
    ["b.png", 20],
    ["a.png", undefined],
  ]);
});

test("confidences above one count as one", () => {
  const [frame] = readAlphaPose([{ image_id: "a", keypoints: body(17, 10, 3.2) }], options);
  expect([...frame!.keypoints.confidences!.data]).toEqual(new Array(17).fill(1));
});

test("an image called as a property of every object is one", () => {
  expect(firstPixels([entry("__proto__", 10), entry("constructor", 20)])).toEqual([
    ["__proto__", 10],
    ["constructor", 20],
  ]);
});

test.each([
  ["text", "MOTION", 'readAlphaPose: expected an object, got "text".'],
  [[1], "MOTION", "readAlphaPose [0]: expected an object, got 1."],
  [[{ keypoints: body(17, 1) }], "MOTION", "readAlphaPose [0].image_id: expected a name, got undefined."],
  [[{ image_id: "a" }], "SHAPE", "readAlphaPose [0].keypoints: expected a list of numbers, got undefined."],
  [
    [entry("a", 1, {}, 26)],
    "SHAPE",
    "[0].keypoints: coco17 has 17 points of x, y and confidence, 51 numbers, got 78; that is halpe26.",
  ],
  [[entry("a", Number.NaN)], "MOTION", "readAlphaPose [0].keypoints[0]: expected a finite number, got NaN."],
  [{ a: 1 }, "MOTION", 'readAlphaPose "a": expected an object, got 1.'],
  [{ a: { people: [1] } }, "MOTION", 'readAlphaPose "a".people[0]: expected an object, got 1.'],
])("%j is refused", (document, code, message) => {
  expect(() => readAlphaPose(document, options)).toThrow(message);
  expect(() => readAlphaPose(document, options)).toThrow(expect.objectContaining({ code }));
});
