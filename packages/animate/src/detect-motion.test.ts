import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { createOneEuroFilter } from "@bunraku/motion";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AnimatedFrame, type AnimateOptions, animate } from "./animate.ts";
import { type DetectedMotion, type DetectMotionOptions, detectMotion } from "./detect-motion.ts";
import type { Model } from "./models/model.ts";
import type { DrivingFrame, DrivingMotion } from "./render/driving-keypoints.ts";
import { colours, tinyModel } from "./testing/tiny-model.ts";

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

const clip = (count: number): DrivingFrame[] =>
  Array.from({ length: count }, (_, i) => ({ ...colours(64, 64, 3 * i), timestamp: i / 25, duration: 0.04 }));
const untimed = (count: number) => clip(count).map(({ timestamp: _, ...frame }) => frame);

async function motionOf(frames: readonly DrivingFrame[], options?: DetectMotionOptions) {
  const motion: DetectedMotion[] = [];
  for await (const frame of detectMotion(model, frames, options)) motion.push(frame);
  return motion;
}

async function collect(driving: readonly (DrivingFrame | DrivingMotion)[], options?: AnimateOptions) {
  const frames: AnimatedFrame[] = [];
  for await (const frame of animate(model, colours(64, 64, 1), driving, options)) frames.push(frame);
  return frames;
}

test("motion is read frame by frame, in order, with its times", async () => {
  const motion = await motionOf(clip(3));
  expect(motion.map(({ index, timestamp, duration }) => [index, timestamp, duration])).toEqual([
    [0, 0, 0.04],
    [1, 0.04, 0.04],
    [2, 0.08, 0.04],
  ]);
  expect(motion[2]!.keypoints.points.data).not.toEqual(motion[0]!.keypoints.points.data);
});

test("recorded motion moves a picture as the video does, to the byte", async () => {
  const motion = await motionOf(clip(3));
  const [byVideo, byMotion] = [await collect(clip(3)), await collect(motion)];
  for (const [i, frame] of byVideo.entries()) {
    expect(byMotion[i]!.data).toEqual(frame.data);
    expect(byMotion[i]!.timestamp).toBe(frame.timestamp);
  }
  byMotion[0]![Symbol.dispose](); // its copies, not the recording
  expect((await collect(motion))[2]!.data).toEqual(byVideo[2]!.data);
});

test("the initial pose may be a picture or its keypoints", async () => {
  const initial = clip(5)[4]!;
  const [{ keypoints }] = (await motionOf([initial])) as [DetectedMotion];
  const [byPicture, byKeypoints] = [
    await collect(clip(2), { initial }),
    await collect(clip(2), { initial: keypoints }),
  ];
  expect(byKeypoints[1]!.data).toEqual(byPicture[1]!.data);
  expect(byKeypoints[1]!.data).not.toEqual((await collect(clip(2)))[1]!.data);
});

test("smoothing filters keypoints in their order, however many frames are in work", async () => {
  const filter = createOneEuroFilter({ minCutoff: 0.5 });
  const raw = await motionOf(clip(6));
  const wanted = raw.map(({ keypoints, timestamp }) => [...filter.filter(keypoints, timestamp!).points.data]);
  for (const ahead of [0, 4]) {
    const calmed = await motionOf(clip(6), { smoothing: { minCutoff: 0.5 }, ahead });
    expect(calmed.map(({ keypoints }) => [...keypoints.points.data])).toEqual(wanted);
  }
  expect(wanted[3]).not.toEqual([...raw[3]!.keypoints.points.data]);
  const frames = await collect(clip(6), { smoothing: { minCutoff: 0.5 } });
  expect(frames.map(({ driving }) => [...driving.points.data])).toEqual(wanted);
});

test("smoothing needs times, and says so", async () => {
  await expect(motionOf(untimed(2), { smoothing: true })).rejects.toMatchObject({
    code: "OPTION",
    message: "smoothing: driving frames must have timestamps, in seconds; this one has none.",
  });
  expect(await collect(untimed(2))).toHaveLength(2);
});

test("keypoints of another model are an error that names the numbers", async () => {
  const [{ keypoints }] = (await motionOf(clip(1))) as [DetectedMotion];
  const { jacobians: _, ...bare } = keypoints;
  await expect(collect([{ keypoints: bare }])).rejects.toThrow(
    "transferMotion: jacobians must be in all of source, driving and initial, or in none; driving differs.",
  );
});
