import { ortNode } from "@bunraku/backends/ort-node";
import { backendPool } from "@bunraku/backends/pool";
import { type MockBackend, mockBackend } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { animate } from "./animate.ts";
import { animateMany } from "./animate-many.ts";
import type { AnimateOptions } from "./animate-options.ts";
import { loadModel } from "./load-model.ts";
import type { DrivingFrame } from "./render/driving-keypoints.ts";
import { colours, tinyBundle, tinyModel } from "./testing/tiny-model.ts";

const clip = (count: number): DrivingFrame[] =>
  Array.from({ length: count }, (_, i) => ({ ...colours(64, 64, 2 * i), timestamp: i / 25 }));
const pictures = [colours(64, 64), colours(100, 80, 30), colours(48, 48, 9)];

async function framesOf(model: Parameters<typeof animate>[0], picture: DrivingFrame, options?: AnimateOptions) {
  const frames: Uint8ClampedArray[] = [];
  for await (const { data } of animate(model, picture, clip(4), options)) frames.push(data);
  return frames;
}

test.each([1, 2])("each source moves as it does alone, and the video is read once (pool of %d)", async (members) => {
  await using pool = await backendPool(members, () => ortNode({ threads: 1 }));
  await using model = await tinyModel(pool);
  let read = 0;
  function* video() {
    for (const frame of clip(4)) {
      read++;
      yield frame;
    }
  }
  const moved: Uint8ClampedArray[][] = pictures.map(() => []);
  const sources = pictures.map((picture) => ({ picture }));
  for await (const frames of animateMany(model, sources, video())) {
    expect(frames).toHaveLength(3);
    for (const [i, frame] of frames.entries()) {
      expect([frame.index, frame.timestamp]).toEqual([moved[i]!.length, moved[i]!.length / 25]);
      moved[i]!.push(frame.data);
    }
  }
  expect(read).toBe(4);
  for (const [i, picture] of pictures.entries()) expect(moved[i]).toEqual(await framesOf(model, picture));
});

test("a source's own choices go before those of all", async () => {
  await using backend = await ortNode({ threads: 1 });
  await using model = await tinyModel(backend);
  const [picture] = pictures;
  const own = { render: "warp", size: { width: 90, height: 90 }, initial: colours(64, 64, 4) } as const;
  const all: AnimateOptions = { render: "generator", initial: colours(64, 64, 2) };
  const moved: Uint8ClampedArray[][] = [[], []];
  for await (const frames of animateMany(model, [{ picture: picture! }, { picture: picture!, ...own }], clip(4), all))
    for (const [i, { data }] of frames.entries()) moved[i]!.push(data);
  expect(moved[0]).toEqual(await framesOf(model, picture!, all));
  expect(moved[1]).toEqual(await framesOf(model, picture!, { ...all, ...own }));
});

/** A model on a mock, which may fail in one run. */
async function counted(fails?: number) {
  const backend: MockBackend = mockBackend({
    answer: () => {
      if (backend.runs.length === fails) throw new Error("out of memory");
      return undefined as never;
    },
  });
  return { backend, model: await loadModel(backend, tinyBundle()) };
}
const sources = pictures.map((picture) => ({ picture }));

test("driving frames are detected once, whatever the number of sources", async () => {
  const { backend, model } = await counted();
  for await (const frames of animateMany(model, sources, clip(5))) for (const frame of frames) frame[Symbol.dispose]();
  // Two for each source, then one detection and three frames at each moment.
  expect(backend.runs).toHaveLength(2 * 3 + 5 * (1 + 3));
});

test.each([1, 2, 4, 6, 7, 8, 9, 10, 13])("a backend that fails in run %i leaves nothing behind", async (fails) => {
  const { backend, model } = await counted(fails);
  const before = backend.live;
  const run = async () => {
    for await (const frames of animateMany(model, sources, clip(5)))
      for (const frame of frames) frame[Symbol.dispose]();
  };
  await expect(run()).rejects.toThrow("out of memory");
  expect(backend.live).toBe(before);
});

test("leaving early leaves nothing behind", async () => {
  const { backend, model } = await counted();
  const before = backend.live;
  for await (const frames of animateMany(model, sources, clip(20), { ahead: 3 })) {
    for (const frame of frames) frame[Symbol.dispose]();
    if (frames[0]!.index === 4) break;
  }
  expect(backend.live).toBe(before);
});

test("no source, and a source that cannot be, are refused by their place", async () => {
  const { model } = await counted();
  await expect(animateMany(model, [], clip(1)).next()).rejects.toThrow(
    "animateMany: expected at least one source, got none.",
  );
  const broken = { picture: { width: 8, height: 8, data: new Uint8ClampedArray(9) } };
  await expect(animateMany(model, [sources[0]!, broken], clip(1)).next()).rejects.toThrow(
    "sources[1]: 8 × 8 RGBA needs 256 bytes, got 9.",
  );
});
