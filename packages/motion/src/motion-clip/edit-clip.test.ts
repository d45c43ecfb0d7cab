import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smoothKeypoints } from "../smoothing/smooth-keypoints.ts";
import { clips } from "../testing/clips.ts";
import { keypointsFrom, largestDifference } from "../testing/moving-keypoints.ts";
import { recordedBytes } from "../testing/recorded.ts";
import { loopClip, resampleClip, reverseClip, smoothClip, trimClip } from "./edit-clip.ts";
import { createMotionClip, type MotionClip } from "./motion-clip.ts";
import { encodeMotionClip } from "./motion-clip-writer.ts";
import { readMotionClip } from "./read-motion-clip.ts";

/** A clip whose points move by `values`, at 0, 0.1, 0.2, … seconds. */
const clipOf = (values: readonly number[], initial = 0) =>
  createMotionClip(
    { initial, about: "test" },
    values.map((value, i) => ({ timestamp: i / 10, keypoints: keypointsFrom({ points: [value, -value] }) })),
  );
const xs = ({ frames }: MotionClip) => frames.map(({ keypoints }) => keypoints.points.data[0]!);
const times = ({ frames }: MotionClip) => frames.map(({ timestamp }) => timestamp);
const keypoints = ({ frames }: MotionClip) => frames.map((frame) => frame.keypoints);
const nod = () => readMotionClip(recordedBytes("nod"));

describe("trimClip", () => {
  test("keeps the frames from start to before end, at their times, and the initial one among them", () => {
    const trimmed = trimClip(clipOf([0, 1, 2, 3, 4], 2), { start: 0.1, end: 0.4 });
    expect(xs(trimmed)).toEqual([1, 2, 3]);
    expect(times(trimmed)).toEqual([0.1, 0.2, 0.3]);
    expect(trimmed.header).toMatchObject({ initial: 1, about: "test" });
  });

  test("begins at its first frame where the initial one is gone, before or after", () => {
    expect(trimClip(clipOf([0, 1, 2, 3], 0), { start: 0.2 }).header.initial).toBe(0);
    expect(trimClip(clipOf([0, 1, 2, 3], 3), { end: 0.2 }).header.initial).toBe(0);
  });

  test("refuses a range without frames", () => {
    expect(() => trimClip(clipOf([0, 1]), { start: 0.01, end: 0.09 })).toThrow(
      "trimClip: no frame is from 0.01 to 0.09 seconds; the clip goes from 0 to 0.1.",
    );
  });
});

describe("resampleClip", () => {
  test("at its own rate a clip stays the same", () => {
    const same = resampleClip(clipOf([0, 1, 4, 2], 2), 10);
    for (const [i, value] of [0, 1, 4, 2].entries()) expect(xs(same)[i]!).toBeCloseTo(value, 6);
    expect(same.header).toMatchObject({ initial: 2, frameRate: 10 });
  });

  test("between frames it is linear, in points and in jacobians", () => {
    const frames = [0, 1].map((time) => ({
      timestamp: 5 + time,
      keypoints: keypointsFrom({ points: [time, 2 * time], jacobians: [1 + time, 0, 0, 1], covariances: [1 + time] }),
    }));
    const fine = resampleClip(createMotionClip({}, frames), 4);
    expect(times(fine)).toEqual([5, 5.25, 5.5, 5.75, 6]);
    for (const [i, { points, jacobians, covariances }] of keypoints(fine).entries()) {
      expect([...points.data, ...jacobians!.data, ...covariances!.data]).toEqual([
        ...[i / 4, i / 2],
        ...[1 + i / 4, 0, 0, 1],
        1 + i / 4,
      ]);
    }
  });

  test("uneven frames become even", () => {
    const frames = [0, 1, 3, 4].map((time) => ({ timestamp: time, keypoints: keypointsFrom({ points: [time, 0] }) }));
    expect(xs(resampleClip(createMotionClip({}, frames), 1))).toEqual([0, 1, 2, 3, 4]);
  });

  test("the initial frame is the nearest one", () => {
    expect(resampleClip(clipOf([0, 1, 2, 3, 4, 5, 6], 4), 5).header.initial).toBe(2);
    expect(resampleClip(clipOf([0, 1, 2, 3, 4], 4), 25).header.initial).toBe(10);
    expect(resampleClip(clipOf([0, 1, 2, 3, 4, 5], 3), 6).header.initial).toBe(2); // 0.3 s: frame 1.8
  });

  test("one frame is one frame at any rate", () => {
    expect(xs(resampleClip(clipOf([7]), 60))).toEqual([7]);
  });

  test("the recorded nod at 30 frames per second is as long, and at 24 again nearly what it was", () => {
    const there = resampleClip(nod(), 30);
    expect(there.frames.length).toBe(Math.floor((71 / 24) * 30) + 1);
    const back = resampleClip(there, 24);
    expect(largestDifference(keypoints(back), keypoints(nod()).slice(0, back.frames.length))).toBeLessThan(0.1);
  });

  test("refuses rates that are none, and clips that would not fit in memory", () => {
    for (const rate of [0, -1, Number.NaN, Infinity]) {
      expect(() => resampleClip(clipOf([0, 1]), rate)).toThrow("resampleClip: expected frames per second above 0");
    }
    const long = createMotionClip({}, [
      { timestamp: 0, keypoints: keypointsFrom({ points: [0, 0] }) },
      { timestamp: 1e300, keypoints: keypointsFrom({ points: [0, 0] }) },
    ]);
    expect(() => resampleClip(long, 25)).toThrow("a clip in memory has at most 262144 frames");
  });
});

describe("reverseClip", () => {
  test("plays backwards over the same time, and the initial frame is the same one", () => {
    const frames = [0, 1, 5].map((time) => ({ timestamp: 2 + time, keypoints: keypointsFrom({ points: [time, 0] }) }));
    const back = reverseClip(createMotionClip({ initial: 2 }, frames));
    expect(xs(back)).toEqual([5, 1, 0]);
    expect(times(back)).toEqual([2, 6, 7]);
    expect(back.header.initial).toBe(0);
  });

  test("twice is the clip", () => {
    const twice = reverseClip(reverseClip(nod()));
    expect(largestDifference(keypoints(twice), keypoints(nod()))).toBe(0);
    expect(twice.header).toEqual(nod().header);
  });
});

describe("loopClip", () => {
  test("goes forth and back, with each end once", () => {
    const loop = loopClip(clipOf([0, 1, 2, 3], 1));
    expect(xs(loop)).toEqual([0, 1, 2, 3, 2, 1]);
    for (const [i, time] of times(loop).entries()) expect(time).toBeCloseTo(i / 10, 12);
    expect(loop.header.initial).toBe(1);
  });

  test("repeated, it has no jump: no step is larger than the clip's own", () => {
    const steps = (frames: readonly ReturnType<typeof keypointsFrom>[]) =>
      frames.slice(1).map((frame, i) => largestDifference([frame], [frames[i]!]));
    const loop = keypoints(loopClip(nod()));
    expect(Math.max(...steps([...loop, ...loop]))).toBe(Math.max(...steps(keypoints(nod()))));
  });

  test("one frame, and two, are loops already", () => {
    expect(xs(loopClip(clipOf([4])))).toEqual([4]);
    expect(xs(loopClip(clipOf([4, 5])))).toEqual([4, 5]);
  });
});

test("smoothClip is smoothKeypoints at the clip's own times", () => {
  const calm = smoothClip(nod(), { sigma: 0.06 });
  const wanted = smoothKeypoints(keypoints(nod()), { timestamps: times(nod()), sigma: 0.06 });
  expect(largestDifference(keypoints(calm), wanted)).toBe(0);
  expect(times(calm)).toEqual(times(nod()));
});

test("edits leave the clip as it was, share no memory with it, and can be written", () => {
  const edits = [
    (clip: MotionClip) => trimClip(clip, {}),
    reverseClip,
    loopClip,
    (clip: MotionClip) => resampleClip(clip, 20),
    smoothClip,
  ];
  for (const edit of edits) {
    const clip = nod();
    const edited = edit(clip);
    expect(readMotionClip(encodeMotionClip(edited)).frames.length).toBe(edited.frames.length);
    for (const frame of edited.frames) frame.keypoints.points.data.fill(0);
    expect(largestDifference(keypoints(clip), keypoints(nod()))).toBe(0);
  }
});

test("trimming nothing changes nothing, of any clip", () => {
  fc.assert(
    fc.property(clips, (clip) => {
      expect(encodeMotionClip(trimClip(clip, {}))).toEqual(encodeMotionClip(clip));
    }),
  );
});
