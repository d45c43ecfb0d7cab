import { ortNode } from "@bunraku/backends/ort-node";
import { backendPool } from "@bunraku/backends/pool";
import { type MockBackend, mockBackend } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { animate, type DrivingFrame } from "./animate.ts";
import { detectMotion } from "./detect-motion.ts";
import { loadModel } from "./load-model.ts";
import { colours, tinyBundle, tinyModel } from "./testing/tiny-model.ts";

const clip = (count: number): DrivingFrame[] => Array.from({ length: count }, (_, i) => colours(64, 64, 2 * i));

test("frames of a pool come in order, to the byte as one backend makes them", async () => {
  await using alone = await ortNode({ threads: 1 });
  await using pool = await backendPool(3, () => ortNode({ threads: 1 }));
  const results: Uint8ClampedArray[][] = [];
  for (const backend of [alone, pool]) {
    await using model = await tinyModel(backend);
    expect(model.parallelism).toBe(backend === pool ? 3 : 1);
    const frames: Uint8ClampedArray[] = [];
    for await (const frame of animate(model, colours(64, 64), clip(12))) {
      expect(frame.index).toBe(frames.length);
      frames.push(frame.data);
    }
    results.push(frames);
  }
  expect(results[0]).toHaveLength(12);
  expect(results[1]).toEqual(results[0]);
});

/** A model on a pool of mocks whose runs end in no order, and what it is doing. */
async function pooled(count: number) {
  const members: MockBackend[] = [];
  const state = { now: 0, most: 0 };
  const pool = await backendPool(count, async () => {
    const mock = mockBackend({
      async answer() {
        state.most = Math.max(state.most, ++state.now);
        await new Promise((resolve) => setTimeout(resolve, (state.now * 7) % 4));
        state.now--;
        return undefined as never;
      },
    });
    members.push(mock);
    return mock;
  });
  const live = () => members.reduce((sum, member) => sum + member.live, 0);
  return { model: await loadModel(pool, tinyBundle()), state, live };
}

test("all members of a pool are kept busy, and the driving video is pulled a bounded number of frames ahead", async () => {
  const { model, state } = await pooled(4);
  let [pulled, seen] = [0, 0];
  function* endless(): Generator<DrivingFrame> {
    while (true) yield colours(64, 64, pulled++);
  }
  for await (const frame of animate(model, colours(64, 64), endless())) {
    expect(frame.index).toBe(seen++);
    expect(pulled - seen).toBeLessThanOrEqual(8);
    if (seen === 60) break;
  }
  expect(state.most).toBe(4);
  let frames = 0;
  for await (const frame of detectMotion(model, clip(20))) expect(frame.index).toBe(frames++);
  expect(frames).toBe(20);
});

test("an animation on a pool leaves nothing behind, whole, left early or aborted", async () => {
  const { model, live } = await pooled(3);
  const before = live();
  const run = async (stop: number, signal?: AbortSignal) => {
    for await (const frame of animate(model, colours(64, 64), clip(30), signal ? { signal } : {})) {
      frame[Symbol.dispose]();
      if (frame.index === stop) break;
      if (signal && frame.index === 7) controller.abort(new Error("enough"));
    }
  };
  const controller = new AbortController();
  await run(99);
  expect(live()).toBe(before);
  await run(5);
  expect(live()).toBe(before);
  await expect(run(99, controller.signal)).rejects.toThrow("enough");
  expect(live()).toBe(before);
});
