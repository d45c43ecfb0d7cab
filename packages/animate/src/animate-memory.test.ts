import { readFileSync } from "node:fs";
import type { Values } from "@bunraku/backends";
import { type MockBackend, mockBackend } from "@bunraku/backends/testing";
import type { Family } from "@bunraku/checkpoints";
import { expect, test } from "vitest";
import { type AnimateOptions, animate, type DrivingFrame, type DrivingMotion } from "./animate.ts";
import { detectKeypoints, detectMotion } from "./detect-motion.ts";
import { architectureOf } from "./models/architecture.ts";
import { createModel } from "./models/create-model.ts";
import type { Model } from "./models/model.ts";
import { proceduralModelWeights } from "./proof/procedural-model-weights.ts";
import { colours } from "./testing/tiny-model.ts";

const size = { height: 64, width: 64 };
const configOf = (fixture: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/golden/${fixture}.json`, import.meta.url), "utf8")).config;
const families: Readonly<Record<Family, unknown>> = {
  fomm: configOf("fomm_tiny"),
  "monkey-net": configOf("monkey_tiny"),
};

/** A model on a backend that counts: all that it makes, and who has disposed it. */
async function counted(family: Family, answer?: (run: number) => Values | undefined) {
  const backend: MockBackend = mockBackend({ answer: () => answer?.(backend.runs.length) as Values });
  const architecture = architectureOf(family, families[family]);
  const weights = proceduralModelWeights(architecture);
  return { backend, model: await createModel(backend, architecture, weights, { size, alignCorners: true }) };
}

function* video(count: number): Generator<DrivingFrame> {
  for (let i = 0; i < count; i++) yield { ...colours(64, 64, i), timestamp: i / 25 };
}

async function run(model: Model, driving: Iterable<DrivingFrame | DrivingMotion>, options?: AnimateOptions) {
  let count = 0;
  for await (const frame of animate(model, colours(64, 64), driving, options)) {
    frame[Symbol.dispose]();
    count++;
  }
  return count;
}

const ways: readonly (readonly [string, AnimateOptions])[] = [
  ["as it is", {}],
  ["in hybrid", { render: "hybrid" }],
  ["as a warp, smoothed", { render: "warp", smoothing: true }],
  ["from an initial picture, four frames ahead", { initial: colours(64, 64, 9), ahead: 4 }],
];

test.each(
  (Object.keys(families) as Family[]).flatMap((family) =>
    ways.map(([way, options]) => [family, way, options] as const),
  ),
)("200 frames of a %s leave nothing behind, %s", async (family, _, options) => {
  const { backend, model } = await counted(family);
  const before = backend.live;
  expect(await run(model, video(200), options)).toBe(200);
  expect(backend.live).toBe(before);
  await model[Symbol.asyncDispose]();
  expect(backend.live).toBe(0);
});

test.each(Object.keys(families) as Family[])("200 recorded keypoints leave a %s as it was", async (family) => {
  const { backend, model } = await counted(family);
  const keypoints = await detectKeypoints(model, colours(64, 64));
  const before = backend.live;
  const motion = Array.from({ length: 200 }, (_, i) => ({ keypoints, timestamp: i / 25 }));
  for (const options of [{}, { smoothing: true, initial: keypoints }]) {
    expect(await run(model, motion, options)).toBe(200);
    for await (const frame of detectMotion(model, motion, options)) frame[Symbol.dispose]();
    expect([backend.live, keypoints.points.data.length]).toEqual([before, 8]); // borrowed, not disposed
  }
});

test("an animation that is left early leaves nothing behind", async () => {
  const { backend, model } = await counted("fomm");
  const before = backend.live;
  for await (const frame of animate(model, colours(64, 64), video(50), { ahead: 3, initial: colours(64, 64) })) {
    frame[Symbol.dispose]();
    if (frame.index === 5) break;
  }
  expect(backend.live).toBe(before);
});

test("an animation that is aborted leaves nothing behind", async () => {
  const { backend, model } = await counted("fomm");
  const before = backend.live;
  const controller = new AbortController();
  const frames = animate(model, colours(64, 64), video(50), { ahead: 3, signal: controller.signal });
  await expect(async () => {
    for await (const frame of frames) {
      frame[Symbol.dispose]();
      if (frame.index === 5) controller.abort(new Error("enough"));
    }
  }).rejects.toThrow("enough");
  expect(backend.live).toBe(before);
});

// Runs: 1 detector and 2 encoder of the source, then detector and frame in turn.
test.each([1, 2, 3, 4, 5, 8, 9])("a backend that fails in run %i leaves nothing behind", async (last) => {
  for (const options of [{}, { initial: colours(64, 64) }, { smoothing: true }] satisfies AnimateOptions[]) {
    const { backend, model } = await counted("fomm", (run) => {
      if (run === last) throw new Error("out of memory");
      return undefined;
    });
    const before = backend.live;
    await expect(run(model, video(9), options)).rejects.toThrow("out of memory");
    expect(backend.live).toBe(before);
  }
});

test.each([3, 4, 6])("keypoints that cannot be used leave nothing behind, from frame %i", async (bad) => {
  const { backend, model } = await counted("fomm");
  const keypoints = await detectKeypoints(model, colours(64, 64));
  const before = backend.live;
  const { jacobians: _, ...bare } = keypoints;
  function* mixed() {
    let i = 0;
    for (const frame of video(9)) yield i++ < bad ? frame : { keypoints: bare, timestamp: i / 25 };
  }
  await expect(run(model, mixed())).rejects.toMatchObject({ code: "MOTION" });
  await expect(run(model, video(4), { singular: "throw" })).rejects.toMatchObject({ code: "MOTION" });
  await expect(run(model, video(4), { initial: bare })).rejects.toMatchObject({ code: "MOTION" });
  expect(backend.live).toBe(before);
});
