import { expect, test } from "vitest";
import { type OpenPoseOptions, readOpenPose } from "./read-open-pose.ts";

const size = { height: 101, width: 201 };

/** `count` points along a line, the first at (x, y), all with the same confidence. */
const body = (count: number, [x, y]: readonly [number, number], confidence = 0.5, step = 1) =>
  Array.from({ length: count }, (_, k) => [x + step * k, y + step * k, confidence]).flat();
const frame = (...people: object[]) => ({ version: 1.3, people });

test.each([
  ["body25", "pose_keypoints_2d", 25],
  ["coco18", "pose_keypoints_2d", 18],
  ["face70", "face_keypoints_2d", 70],
] as const)("%s is read from %s, from pixels to [-1, 1]", (layout, field, count) => {
  const { points, confidences } = readOpenPose(frame({ [field]: body(count, [50, 0]) }), { layout, size });
  expect([points.dims, confidences!.dims]).toEqual([[count, 2], [count]]);
  expect([...points.data.subarray(0, 2)]).toEqual([-0.5, -1]); // pixel 50 of 201, pixel 0 of 101
  expect(points.data[2 * 10]).toBeCloseTo(60 / 100 - 1, 6);
  expect(points.data[2 * 10 + 1]).toBeCloseTo(10 / 50 - 1, 6);
  expect([...confidences!.data]).toEqual(new Array(count).fill(0.5));
});

test("--keypoint_scale 3 and 4 are unit and signed, and say the same", () => {
  const pixels = body(18, [20, 10]);
  const scaled = (x: (px: number) => number, y: (px: number) => number) =>
    pixels.map((value, i) => (i % 3 === 0 ? x(value) : i % 3 === 1 ? y(value) : value));
  const read = (list: number[], options: Omit<OpenPoseOptions, "layout">) =>
    readOpenPose(frame({ pose_keypoints_2d: list }), { layout: "coco18", ...options }).points.data;
  const wanted = read(pixels, { size });
  const unit = read(
    scaled(
      (x) => x / 200,
      (y) => y / 100,
    ),
    { coordinates: "unit" },
  );
  const signed = read(
    scaled(
      (x) => x / 100 - 1,
      (y) => y / 50 - 1,
    ),
    { coordinates: "signed" },
  );
  for (const [i, value] of wanted.entries()) {
    expect(unit[i]).toBeCloseTo(value, 6);
    expect(signed[i]).toBeCloseTo(value, 6);
  }
});

test.each([
  ["pixels", 0],
  ["unit", 0],
  ["signed", -1],
] as const)("in %s, a point that was not found is not at the corner", (coordinates, corner) => {
  const list = body(18, coordinates === "pixels" ? [40, 40] : [0.5, 0.5], 0.9, coordinates === "pixels" ? 1 : 0.01);
  list.splice(3 * 4, 3, corner, corner, 0);
  const { points, confidences } = readOpenPose(frame({ pose_keypoints_2d: list }), {
    layout: "coco18",
    coordinates,
    size,
  });
  expect([...points.data.subarray(8, 10), confidences!.data[4]]).toEqual([0, 0, 0]);
  expect(confidences!.data[5]).toBeCloseTo(0.9, 6);
});

test("minConfidence makes unsure points ones that were not found", () => {
  const list = body(18, [40, 40]);
  list[3 * 7 + 2] = 0.2;
  const { confidences } = readOpenPose(frame({ pose_keypoints_2d: list }), {
    layout: "coco18",
    size,
    minConfidence: 0.3,
  });
  expect([confidences!.data[6], confidences!.data[7]]).toEqual([0.5, 0]);
});

test("of several people, the surest, the largest, or one by number", () => {
  const people = frame(
    { pose_keypoints_2d: body(18, [10, 10], 0.4) },
    { pose_keypoints_2d: body(18, [50, 10], 0.9) },
    { pose_keypoints_2d: body(18, [90, 10], 0.3, 3) },
  );
  const noseOf = (person?: OpenPoseOptions["person"]) =>
    Math.round(
      (readOpenPose(people, { layout: "coco18", size, ...(person !== undefined && { person }) }).points.data[0]! + 1) *
        100,
    );
  expect([noseOf(), noseOf("surest"), noseOf("largest"), noseOf(0), noseOf(2)]).toEqual([50, 50, 90, 10, 90]);
});

test("many points found are surer than few", () => {
  const few = body(18, [10, 10], 0.95).map((value, i) => (i < 3 * 12 ? 0 : value));
  const { points } = readOpenPose(frame({ pose_keypoints_2d: few }, { pose_keypoints_2d: body(18, [70, 10], 0.6) }), {
    layout: "coco18",
    size,
  });
  expect(points.data[0]).toBeCloseTo(70 / 100 - 1, 6);
});

test.each([
  ["nobody", frame()],
  ["a person without a face", frame({ pose_keypoints_2d: body(25, [1, 1]), face_keypoints_2d: [] })],
  ["a person of another kind", frame({ pose_keypoints_2d: body(25, [1, 1]) })],
])("a frame with %s has no point found", (_, document) => {
  const { points, confidences } = readOpenPose(document, { layout: "face70", size });
  expect([points.dims[0], confidences!.data.some((c) => c > 0), points.data.some((x) => x !== 0)]).toEqual([
    70,
    false,
    false,
  ]);
  expect(readOpenPose(document, { layout: "face70", size, person: 5 }).confidences!.data.every((c) => c === 0)).toBe(
    true,
  );
});

test("the document is only read", () => {
  const document = frame({ face_keypoints_2d: body(70, [5, 5], 2) });
  const before = structuredClone(document);
  expect(readOpenPose(document, { layout: "face70", size, minConfidence: 0.5 }).confidences!.data[0]).toBe(1);
  expect(document).toEqual(before);
});

const options: OpenPoseOptions = { layout: "body25", size };
test.each([
  [null, options, "MOTION", "readOpenPose: expected an object, got null."],
  [[], options, "MOTION", "readOpenPose: expected an object, got a list of 0."],
  [{}, options, "MOTION", "readOpenPose people: expected a list, got undefined."],
  [frame(3 as never), options, "MOTION", "readOpenPose people[0]: expected an object, got 3."],
  [
    frame({ pose_keypoints_2d: "x" }),
    options,
    "SHAPE",
    'people[0].pose_keypoints_2d: expected a list of numbers, got "x".',
  ],
  [
    frame({ pose_keypoints_2d: body(18, [1, 1]) }),
    options,
    "SHAPE",
    "readOpenPose people[0].pose_keypoints_2d: body25 has 25 points of x, y and confidence, 75 numbers, got 54; that is coco18.",
  ],
  [
    frame({ pose_keypoints_2d: [...body(24, [1, 1]), 1, "2", 1] }),
    options,
    "MOTION",
    'people[0].pose_keypoints_2d[73]: expected a finite number, got "2".',
  ],
  [frame({ pose_keypoints_2d: [...body(24, [1, 1]), 1, null, 1] }), options, "MOTION", "got null."],
  [
    frame({ pose_keypoints_2d: body(25, [300, 1]) }),
    { layout: "body25", coordinates: "unit" },
    "MOTION",
    'people[0].pose_keypoints_2d: coordinates "unit" go from 0 to 1, got 324. Are these pixels?',
  ],
  [
    frame({ pose_keypoints_2d: body(25, [0.1, 0.1], 0.5, 0.01) }),
    options,
    "MOTION",
    'all points lie within one pixel of the corner. Are their coordinates "unit" or "signed"?',
  ],
  [frame(), { layout: "face68", size }, "OPTION", 'layout must be one of body25, coco18, face70, got "face68".'],
  [frame(), { layout: "toString", size }, "OPTION", "readOpenPose: layout must be one of"],
  [frame(), { ...options, minConfidence: 2 }, "OPTION", "minConfidence must be in [0, 1], got 2."],
  [
    frame(),
    { ...options, person: -1 },
    "OPTION",
    'person must be "surest", "largest" or a whole number from 0, got -1.',
  ],
  [frame(), { ...options, person: "tallest" }, "OPTION", 'got "tallest".'],
])("%j, %j: %s", (document, each, code, message) => {
  expect(() => readOpenPose(document, each as OpenPoseOptions)).toThrow(message);
  expect(() => readOpenPose(document, each as OpenPoseOptions)).toThrow(expect.objectContaining({ code }));
});
