import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { centreCrop, cropPicture } from "@bunraku/warp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AnimatedFrame, type AnimateOptions, animate, type DrivingFrame } from "./animate.ts";
import { loadModel } from "./load-model.ts";
import type { Model } from "./models/model.ts";
import { colours, filled, tinyBundle, tinyModel } from "./testing/tiny-model.ts";

let backend: Backend;
let model: Model;
beforeAll(async () => {
  backend = await ortNode({ threads: 1 });
  model = await tinyModel(backend);
});
afterAll(async () => {
  await model[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

const clip = (count: number, width = 64, height = 64): DrivingFrame[] =>
  Array.from({ length: count }, (_, i) => ({ ...colours(width, height, 2 * i), timestamp: i / 25, duration: 0.04 }));

async function collect(
  source = colours(64, 64),
  driving: Iterable<DrivingFrame> | AsyncIterable<DrivingFrame> = clip(3),
  options?: AnimateOptions,
) {
  const frames: AnimatedFrame[] = [];
  for await (const frame of animate(model, source, driving, options)) frames.push(frame);
  return frames;
}

test("there is one frame per driving frame, in order, with its times", async () => {
  const frames = await collect();
  expect(frames.map(({ index, timestamp, duration }) => [index, timestamp, duration])).toEqual([
    [0, 0, 0.04],
    [1, 0.04, 0.04],
    [2, 0.08, 0.04],
  ]);
  expect(frames[0]!.data).toHaveLength(64 * 64 * 4);
});

test("a source larger than the model is rendered at its own size, a smaller one at the model's", async () => {
  const [large] = await collect(colours(200, 160), clip(1));
  expect([large!.width, large!.height]).toEqual([160, 160]);
  const [small] = await collect(colours(48, 48), clip(1));
  expect([small!.width, small!.height]).toEqual([64, 64]);
});

test("relative movement leaves the first frame of a warp as the source is, to the byte", async () => {
  const source = colours(150, 150);
  const [first] = await collect(source, clip(1), { render: "warp" });
  expect(first!.data).toEqual(source.data);
});

test("motion moves pixels: later frames differ from the first", async () => {
  const [first, , third] = await collect(colours(64, 64), clip(3), { render: "generator" });
  expect(third!.data).not.toEqual(first!.data);
});

test("the three ways to render differ", async () => {
  const source = colours(128, 128);
  const results = await Promise.all(
    (["warp", "hybrid", "generator"] as const).map((render) => collect(source, clip(2), { render })),
  );
  const [warp, hybrid, generator] = results.map((frames) => frames[1]!);
  expect([generator!.width, hybrid!.width, warp!.width]).toEqual([64, 128, 128]);
  expect(hybrid!.data).not.toEqual(warp!.data);
});

test("a crop animates a part: the same as cropping first", async () => {
  const source = colours(120, 90);
  const sourceCrop = { left: 20, top: 5, width: 80, height: 80 };
  const [cropped] = await collect(source, clip(1), { sourceCrop });
  const [alone] = await collect(cropPicture(source, sourceCrop) as never, clip(1));
  expect(cropped!.data).toEqual(alone!.data);
});

test("driving frames of another shape are cropped to the model's, in the middle", async () => {
  const wide = clip(2, 100, 64);
  const crop = centreCrop({ width: 100, height: 64 });
  const square = wide.map((frame) => ({ ...frame, ...cropPicture(frame, crop) }));
  const [, fromWide] = await collect(colours(64, 64), wide);
  const [, fromSquare] = await collect(colours(64, 64), square);
  expect(fromWide!.data).toEqual(fromSquare!.data);
});

test.each([
  ["hybrid", 90],
  ["warp", 30],
  ["generator", 160],
  ["generator", 20],
  [undefined, 48],
  [undefined, 320],
] as const)("with render %s, a size of %i is what the result has", async (render, side) => {
  const size = { width: side, height: side };
  const [frame] = await collect(colours(100, 100), clip(1), { size, ...(render && { render }) });
  expect([frame!.width, frame!.height, frame!.data.length]).toEqual([side, side, side * side * 4]);
});

test.each([
  [{ size: { width: 0, height: 9 } }, "size.width: expected a whole number of pixels from 1 to 16384, got 0."],
  [{ render: "fast" as never }, 'render: expected generator, warp, hybrid, got "fast".'],
  [{ ahead: -1 }, "ahead: expected a whole number of frames, 0 or more, got -1."],
  [{ ahead: Number.NaN }, "ahead: expected a whole number of frames, 0 or more, got NaN."],
])("options that cannot be are refused: %j", async (options, message) => {
  await expect(collect(colours(64, 64), clip(1), options)).rejects.toMatchObject({ code: "OPTION", message });
});

test("a frame is the caller's: disposing it does not disturb those after it", async () => {
  const wanted = await collect();
  const frames: AnimatedFrame[] = [];
  for await (const frame of animate(model, colours(64, 64), clip(3))) {
    frames.push(frame);
    frame[Symbol.dispose]();
  }
  expect(frames.map((frame) => frame.data)).toEqual(wanted.map((frame) => frame.data));
  expect(() => frames[0]!.driving.points.data).toThrow("disposed");
});

test("nothing but the frames' keypoints outlives a run", async () => {
  const live = new Set<object>();
  const counting: Model = {
    ...model,
    size: model.size,
    alignCorners: model.alignCorners,
    hasMotion: model.hasMotion,
    detect: (...args) => model.detect(...args),
    encode: (...args) => model.encode(...args),
    async render(...args) {
      const frame = await model.render(...args);
      for (const output of [frame.prediction, frame.flow, frame.occlusion]) {
        live.add(output!);
        const dispose = output![Symbol.dispose].bind(output);
        const freed = () => {
          live.delete(output!);
          dispose();
        };
        Object.defineProperty(output, Symbol.dispose, { value: freed });
      }
      return frame;
    },
  };
  let count = 0;
  for await (const _ of animate(counting, colours(128, 128), clip(3), { render: "hybrid" })) count++;
  expect([count, live.size]).toEqual([3, 0]);
});

test("an initial pose that cannot be read is reported with the first frame, however late that is", async () => {
  async function* late() {
    await new Promise((resolve) => setTimeout(resolve, 30));
    yield* clip(1);
  }
  const failing = {
    ...model,
    size: model.size,
    hasMotion: true,
    alignCorners: true,
    detect: async () => Promise.reject(new Error("no face")),
    encode: (...args: Parameters<Model["encode"]>) => model.encode(...args),
  } as unknown as Model;
  const frames = animate(failing, colours(64, 64), late(), { initial: colours(64, 64) });
  await expect(frames.next()).rejects.toThrow("no face");
});

test("a transparent source lies on the background", async () => {
  const source = { width: 100, height: 100, data: new Uint8ClampedArray(100 * 100 * 4) };
  const [frame] = await collect(source, clip(1), { render: "warp", background: [10, 20, 30] });
  expect([...frame!.data.subarray(0, 4)]).toEqual([10, 20, 30, 255]);
});

test("the colours of transparent driving pixels mean nothing", async () => {
  const frame = (hidden: number): DrivingFrame => {
    const data = new Uint8ClampedArray(64 * 64 * 4).fill(hidden);
    for (let i = 3; i < data.length; i += 4) data[i] = 0;
    return { width: 64, height: 64, data };
  };
  const [, left] = await collect(colours(64, 64), [colours(64, 64), frame(0)]);
  const [, right] = await collect(colours(64, 64), [colours(64, 64), frame(255)]);
  expect(left!.data).toEqual(right!.data);
});

test("a given initial pose stands for the source's own", async () => {
  const driving = clip(2);
  const [frame] = await collect(colours(64, 64), driving.slice(1), { initial: driving[0]! });
  const [, second] = await collect(colours(64, 64), driving);
  expect(frame!.data).toEqual(second!.data);
});

test("a slow consumer slows the source: a bounded number of frames is pulled ahead", async () => {
  let pulled = 0;
  function* endless(): Generator<DrivingFrame> {
    while (true) {
      pulled++;
      yield colours(64, 64, pulled);
    }
  }
  let seen = 0;
  for await (const _ of animate(model, colours(64, 64), endless())) {
    seen++;
    expect(pulled - seen).toBeLessThanOrEqual(2);
    if (seen === 20) break;
  }
  expect(seen).toBe(20);
});

test("leaving the loop closes the driving video", async () => {
  let closed = false;
  async function* video() {
    try {
      for (const frame of clip(50)) yield frame;
    } finally {
      closed = true;
    }
  }
  for await (const _ of animate(model, colours(64, 64), video())) break;
  expect(closed).toBe(true);
});

test("a signal ends it with its reason, and the model goes on", async () => {
  const controller = new AbortController();
  const run = async () => {
    for await (const frame of animate(model, colours(64, 64), clip(50), { signal: controller.signal })) {
      if (frame.index === 2) controller.abort(new Error("enough"));
    }
  };
  await expect(run()).rejects.toThrow("enough");
  expect(await collect()).toHaveLength(3);
});

test("a driving video without frames is an error", async () => {
  await expect(collect(colours(64, 64), [])).rejects.toMatchObject({
    code: "MEDIA",
    message: "animate: the driving video has no frames.",
  });
});

test("driving frames of different sizes are an error that names both", async () => {
  await expect(collect(colours(64, 64), [colours(64, 64), colours(32, 64)])).rejects.toThrow(
    "driving: every frame must be 64 × 64 like the first, got 32 × 64.",
  );
});

test("bytes that do not fit a picture's size are an error", async () => {
  const source = { width: 8, height: 8, data: new Uint8ClampedArray(9) };
  await expect(collect(source)).rejects.toThrow("source: 8 × 8 RGBA needs 256 bytes, got 9.");
});

test("two animations on one model do not disturb each other", async () => {
  const alone = await collect(colours(64, 64), clip(3));
  const [a, b] = await Promise.all([collect(colours(64, 64), clip(3)), collect(colours(64, 64, 30), clip(3))]);
  expect(a.map((frame) => frame.data)).toEqual(alone.map((frame) => frame.data));
  expect(b[2]!.data).not.toEqual(a[2]!.data);
});

test("jacobians that cannot be inverted let keypoints translate, with a warning per frame and keypoint", async () => {
  const singular = tinyBundle((name, weight) => (name.startsWith("kp_detector.jacobian") ? filled(weight, 0) : weight));
  await using broken = await loadModel(backend, singular);
  const frames: AnimatedFrame[] = [];
  for await (const frame of animate(broken, colours(64, 64), clip(2))) frames.push(frame);
  expect(frames[1]!.warnings).toHaveLength(4);
  expect(frames[1]!.warnings[0]).toMatchObject({ type: "jacobian-singular" });
  const strict = animate(broken, colours(64, 64), clip(2), { singular: "throw" });
  await expect(strict.next()).rejects.toMatchObject({ code: "MOTION" });
});

test("a network that gives no numbers is an error that names the keypoint", async () => {
  const huge = tinyBundle((name, weight) => (name === "kp_detector.kp.bias" ? filled(weight, 3e38) : weight));
  await using broken = await loadModel(backend, huge);
  await expect(animate(broken, colours(64, 64), clip(1)).next()).rejects.toMatchObject({ code: "MOTION" });
});
