import { tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import { createOneEuroFilter } from "@bunraku/motion";
import { expect, test } from "vitest";
import type { Model } from "../models/model.ts";
import { colours } from "../testing/tiny-model.ts";
import { drivingKeypoints } from "./driving-keypoints.ts";

const at = (x: number): Keypoints => ({ points: tensor("float32", Float32Array.of(x, -x), [1, 2]) });

/** A model whose first pictures take longest. */
function slowModel(delays: readonly number[]): Model {
  let index = 0;
  const detect = async () => {
    const i = index++;
    await new Promise((resolve) => setTimeout(resolve, delays[i]));
    return at(i / 10);
  };
  return { size: { height: 64, width: 64 }, detect } as unknown as Model;
}

test("smoothing sees frames in their order, whichever is detected first, recorded ones among them", async () => {
  const read = await drivingKeypoints(slowModel([30, 10, 0]), { smoothing: true });
  const frames = [
    { ...colours(64, 64), timestamp: 0 },
    { ...colours(64, 64), timestamp: 0.04 },
    { keypoints: at(0.9), timestamp: 0.08 },
    { ...colours(64, 64), timestamp: 0.12 },
  ];
  const calmed = await Promise.all(frames.map(read));
  const filter = createOneEuroFilter();
  const wanted = [at(0), at(0.1), at(0.9), at(0.2)].map((keypoints, i) => filter.filter(keypoints, i / 25));
  expect(calmed.map(({ points }) => [...points.data])).toEqual(wanted.map(({ points }) => [...points.data]));
});

test("a frame that cannot be read leaves those after it in order", async () => {
  const read = await drivingKeypoints(slowModel([5, 0]), { smoothing: true });
  const [first, second, third] = [
    read({ ...colours(64, 64), timestamp: 0 }),
    read({ ...colours(32, 64), timestamp: 0.04 }),
    read({ ...colours(64, 64), timestamp: 0.08 }),
  ];
  await expect(second).rejects.toMatchObject({ code: "SHAPE" });
  expect((await first).points.dims).toEqual([1, 2]);
  expect((await third).points.dims).toEqual([1, 2]);
});

test("recorded keypoints are copied, and are not disposed with the copy", async () => {
  for (const smoothing of [false, true]) {
    const keypoints = at(0.5);
    const read = await drivingKeypoints(slowModel([]), { smoothing });
    const copy = await read({ keypoints, timestamp: 0 });
    expect(copy.points).not.toBe(keypoints.points);
    copy.points[Symbol.dispose]();
    expect([...keypoints.points.data]).toEqual([0.5, -0.5]);
  }
});
