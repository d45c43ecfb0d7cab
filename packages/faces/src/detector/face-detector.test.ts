import { readFile } from "node:fs/promises";
import { type Backend, BunrakuError, tensor } from "@bunraku/backends";
import { encodeModel, GraphBuilder } from "@bunraku/backends/onnx";
import { ortNode } from "@bunraku/backends/ort-node";
import { reference } from "@bunraku/backends/reference";
import { mockBackend } from "@bunraku/backends/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blank, noise, placed, readPicture } from "../testing-pictures/read-picture.ts";
import { yunet } from "../yunet.ts";
import { overlap } from "./face.ts";
import { createFaceDetector, type FaceDetector } from "./face-detector.ts";

// Read off the pictures by eye, in pixels: left, top, width, height.
const byEye = [
  ["mona_lisa.jpg", [133, 91, 96, 142]],
  ["sargent_lady_agnew.jpg", [204, 54, 69, 88]],
  ["head_03.jpg", [76, 54, 118, 154]],
  ["head_11.jpg", [100, 80, 76, 113]],
] as const;

const boxOf = ([left, top, width, height]: readonly [number, number, number, number]) => ({ left, top, width, height });

let backend: Backend;
let model: Uint8Array;
let detector: FaceDetector;

beforeAll(async () => {
  backend = await ortNode({ threads: 1 });
  model = await readFile(yunet);
  detector = await createFaceDetector(backend, model);
});
afterAll(() => backend[Symbol.asyncDispose]());

describe("detect", () => {
  test.each(byEye)("finds the one face of %s where it is", async (name, expected) => {
    const faces = await detector.detect(await readPicture(name));
    expect(faces).toHaveLength(1);
    expect(faces[0]!.score).toBeGreaterThan(0.8);
    expect(overlap(faces[0]!.box, boxOf(expected))).toBeGreaterThan(0.75);
  });

  test("points are in their places", async () => {
    const [face] = await detector.detect(await readPicture("mona_lisa.jpg"));
    const { rightEye, leftEye, nose, rightMouth, leftMouth } = face!.points;
    // By eye: pupils (150, 149) and (194, 149), nose tip (170, 186), mouth from (158, 199) to (194, 199); within 12 pixels.
    const near = ({ x, y }: { x: number; y: number }, eyeX: number, eyeY: number) =>
      expect(Math.hypot(x - eyeX, y - eyeY)).toBeLessThan(12);
    near(rightEye, 150, 149);
    near(leftEye, 194, 149);
    near(nose, 170, 186);
    near(rightMouth, 158, 199);
    near(leftMouth, 194, 199);
  });

  test.each([
    ["blank", blank(256, 256)],
    ["large and blank", blank(1500, 1000)],
    ["noise", noise(256, 256)],
    ["large and noise", noise(1000, 700)],
    ["one pixel", blank(1, 1)],
    ["a thin line", blank(3000, 2)],
  ])("finds nothing in a picture that is %s", async (_, picture) => {
    expect(await detector.detect(picture)).toEqual([]);
  });

  test("finds a small face in a large picture", async () => {
    const small = await readPicture("mona_lisa.jpg", (image) => image.resize(158, 282)); // a face of 42 × 62 pixels
    const faces = await detector.detect(placed(small, 3000, 2000, 2203, 411));
    expect(faces).toHaveLength(1);
    expect(overlap(faces[0]!.box, { left: 2203 + 58, top: 411 + 40, width: 42, height: 62 })).toBeGreaterThan(0.6);
  });

  test("finds the same face in a picture that is eight times larger", async () => {
    const faces = await detector.detect(await readPicture("head_03.jpg", (image) => image.resize(2048, 2048)));
    expect(faces).toHaveLength(1);
    expect(overlap(faces[0]!.box, { left: 8 * 76, top: 8 * 54, width: 8 * 118, height: 8 * 154 })).toBeGreaterThan(
      0.75,
    );
  });

  test("the larger of two faces comes first", async () => {
    const large = await readPicture("mona_lisa.jpg", (image) =>
      image.extract({ left: 0, top: 0, width: 360, height: 360 }),
    );
    const small = await readPicture("head_03.jpg", (image) => image.resize(128, 128));
    const both = placed(small, 600, 360, 450, 100);
    for (let y = 0; y < 360; y++)
      (both.data as Uint8ClampedArray).set(large.data.subarray(y * 1440, (y + 1) * 1440), y * 2400);
    const faces = await detector.detect(both);
    expect(faces.map(({ box }) => box.left > 300)).toEqual([false, true]);
  });

  test("a higher minScore leaves faces out", async () => {
    expect(await detector.detect(await readPicture("head_03.jpg"), { minScore: 0.95 })).toEqual([]);
  });

  test("an aborted signal stops it", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(detector.detect(blank(64, 64), { signal })).rejects.toBe(reason);
  });

  test("an abort between tiles stops it", async () => {
    const controller = new AbortController();
    let runs = 0;
    await using counting = mockBackend({
      answer: (_, session) => {
        if (++runs === 3) controller.abort("enough");
        return zerosFor(session.outputs);
      },
    });
    await using mocked = await createFaceDetector(counting, model);
    await expect(mocked.detect(blank(1500, 1000), { signal: controller.signal })).rejects.toBe("enough");
    expect(runs).toBe(3);
  });

  test("bytes that do not fit the size are refused", async () => {
    const broken = { width: 4, height: 4, data: new Uint8ClampedArray(3) };
    await expect(detector.detect(broken)).rejects.toMatchObject({ code: "SHAPE" });
  });
});

describe("createFaceDetector", () => {
  test("runs on the reference backend, with the same answer", async () => {
    await using plain = await reference();
    await using slow = await createFaceDetector(plain, model);
    const picture = await readPicture("head_11.jpg");
    const [expected] = await detector.detect(picture);
    const [face] = await slow.detect(picture);
    expect(face!.score).toBeCloseTo(expected!.score, 4);
    expect(face!.box.left).toBeCloseTo(expected!.box.left, 2);
    expect(face!.box.height).toBeCloseTo(expected!.box.height, 2);
  });

  test("works at another size", async () => {
    await using small = await createFaceDetector(backend, model, { size: 128 });
    const [face] = await small.detect(await readPicture("head_03.jpg"));
    expect(overlap(face!.box, boxOf(byEye[2][1]))).toBeGreaterThan(0.75);
  });

  test("frees its session and every tensor", async () => {
    const mock = mockBackend();
    const mocked = await createFaceDetector(mock, model);
    await mocked.detect(blank(32, 32));
    await mocked[Symbol.asyncDispose]();
    expect(mock.live).toBe(0);
  });

  test.each([100, 32, 320.5, Number.NaN])("refuses size %s", async (size) => {
    await expect(createFaceDetector(backend, model, { size })).rejects.toMatchObject({
      code: "OPTION",
      message: expect.stringContaining("multiple of 32"),
    });
  });

  test.each([
    ["no bytes", new Uint8Array()],
    ["not ONNX", new TextEncoder().encode("<html>not found</html>")],
    ["cut off", () => model.subarray(0, 1000)],
    ["another network", anotherNetwork()],
  ])("one clear error for a wrong model file: %s", async (_, file) => {
    const bytes = typeof file === "function" ? file() : file;
    const error = await createFaceDetector(backend, bytes).catch((reason: unknown) => reason);
    expect(BunrakuError.is(error, "MODEL")).toBe(true);
    expect((error as Error).message).toMatch(/^face detector: the model must be the YuNet of @bunraku\/faces/);
  });
});

function anotherNetwork(): Uint8Array {
  const g = new GraphBuilder("double");
  const x = g.input("input", [1, 3, 64, 64]);
  g.output(g.node("Add", [x, x], x.dims), "y");
  return encodeModel(g.build());
}

function zerosFor(outputs: readonly { name: string; dims: readonly number[] }[]) {
  return Object.fromEntries(
    outputs.map(({ name, dims }) => {
      const data = new Float32Array(dims.reduce((size, dim) => size * dim, 1));
      return [name, tensor("float32", data, dims)];
    }),
  );
}
