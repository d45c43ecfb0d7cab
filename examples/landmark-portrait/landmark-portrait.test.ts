import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPicture } from "@bunraku/media/node";
import { createPictureResizer, cropPicture, imageToPicture, type Picture } from "@bunraku/warp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { talkingHead } from "./talking-head.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "landmark-portrait-"));
const side = 512;
const count = 60;
/** The right half of each frame that the script wrote: the portrait. */
const frames: Picture[] = [];

beforeAll(async () => {
  const script = ["--conditions=@bunraku/source", "--import", "tsx", "main.ts", "--out", join(folder, "frames/")];
  const { status, stderr } = spawnSync(process.execPath, script, { cwd: here, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  for (let i = 1; i <= count; i++) {
    const both = await loadPicture(join(folder, "frames", `frame_${String(i).padStart(6, "0")}.png`));
    frames.push(cropPicture(both, { left: side, top: 0, width: side, height: side }));
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Landmark k of the portrait, in pixels of a frame: the crop of the painting is 1000 wide. */
const landmark = (k: number): [number, number] => {
  const { people } = JSON.parse(readFileSync(join(here, "girl-with-a-pearl-earring.json"), "utf8"));
  const [x, y] = people[0].face_keypoints_2d.slice(3 * k, 3 * k + 2);
  return [((x - 60) * side) / 1000, ((y - 60) * side) / 1000];
};

/** How far what lies around (x, y) of the first frame has gone in another: the best match of a square of 17 pixels. */
function motionOf([x, y]: readonly [number, number], frame: Picture): [number, number] {
  const [left, top] = [Math.round(x) - 8, Math.round(y) - 8];
  let best: [number, number] = [0, 0];
  let least = Infinity;
  for (let dy = -30; dy <= 30; dy++) {
    for (let dx = -40; dx <= 40; dx++) {
      let difference = 0;
      for (let row = 0; row < 17 && difference < least; row++) {
        for (let column = 0; column < 17; column++) {
          const from = 4 * ((top + row) * side + left + column);
          const to = from + 4 * (dy * side + dx);
          for (let c = 0; c < 3; c++) difference += Math.abs(frames[0]!.data[from + c]! - frame.data[to + c]!);
        }
      }
      if (difference < least) [least, best] = [difference, [dx, dy]];
    }
  }
  return best;
}

/** Mean difference of two pictures, in grey levels, over pixels that `where` takes. */
function difference(a: Picture, b: Picture, where: (x: number, y: number) => boolean = () => true): number {
  let [sum, pixels] = [0, 0];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (!where(x, y)) continue;
      pixels++;
      for (let c = 0; c < 3; c++) sum += Math.abs(a.data[4 * (y * side + x) + c]! - b.data[4 * (y * side + x) + c]!);
    }
  }
  return sum / pixels / 3;
}

/** The numbers of the frame in which the driver looks farthest to its right, and to its left, with its mouth open. */
const [toItsLeft, toItsRight] = [9, 36];
const [noseTip, rightPupil, leftPupil, upperLip, lowerLip] = [30, 68, 69, 51, 57];

test("the driver's file is what make-driving.ts writes", () => {
  const lines = readFileSync(join(here, "driving.jsonl"), "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    Array.from({ length: count }, (_, i) => talkingHead(i / count)),
  );
});

test("the first frame is the portrait, untouched", async () => {
  const painting = await loadPicture(join(here, "../../samples/portraits/girl_with_a_pearl_earring.jpg"));
  const crop = { left: 60, top: 60, width: 1000, height: 1000 };
  const portrait = imageToPicture(createPictureResizer(painting, { height: side, width: side }, crop)(painting));
  expect(difference(frames[0]!, portrait)).toBeLessThan(0.1);
});

test.each([noseTip, rightPupil, leftPupil])(
  "landmark %d goes where the driver's goes: to the left, then to the right",
  (k) => {
    const [right] = motionOf(landmark(k), frames[toItsLeft]!);
    const [left] = motionOf(landmark(k), frames[toItsRight]!);
    expect(right).toBeGreaterThanOrEqual(15);
    expect(left).toBeLessThanOrEqual(-15);
  },
);

test("it goes in the driver's direction, and nearly as far at the portrait's scale", () => {
  const way = (k: number, i: number) => {
    const at = (t: number) => talkingHead(t).people[0]!.face_keypoints_2d.slice(3 * k, 3 * k + 2) as [number, number];
    const [from, to] = [at(0), at(i / count)];
    // 480 pixels of the video are 512 of the portrait, whose face is 0.71 as large.
    return [((to[0] - from[0]) * side * 0.71) / 480, ((to[1] - from[1]) * side * 0.71) / 480] as const;
  };
  for (const i of [toItsLeft, toItsRight]) {
    for (const k of [noseTip, rightPupil, leftPupil]) {
      const [x, y] = motionOf(landmark(k), frames[i]!);
      const [wantedX, wantedY] = way(k, i);
      const share = (x * wantedX + y * wantedY) / (wantedX ** 2 + wantedY ** 2);
      const aside = Math.abs(x * wantedY - y * wantedX) / Math.hypot(wantedX, wantedY);
      expect(share).toBeGreaterThan(0.7); // the tip of the nose goes farther than what is around it, and is held back
      expect(share).toBeLessThan(1.1);
      expect(aside).toBeLessThan(3);
    }
  }
});

test.each([toItsLeft, toItsRight])("the mouth opens in frame %d", (i) => {
  const [, upper] = motionOf(landmark(upperLip), frames[i]!);
  const [, lower] = motionOf(landmark(lowerLip), frames[i]!);
  expect(lower - upper).toBeGreaterThanOrEqual(8);
});

test("what is far from the face stays: the end of the turban's cloth, the corners, the dark to the left", () => {
  for (const i of [toItsLeft, toItsRight]) {
    const [x, y] = motionOf([470, 480], frames[i]!);
    expect(Math.hypot(x, y)).toBeLessThan(3);
  }
  const corner = (x: number, y: number) => Math.min(x, side - 1 - x) < 24 && Math.min(y, side - 1 - y) < 24;
  for (const frame of frames) {
    expect(difference(frame, frames[0]!, corner)).toBeLessThan(1.5);
    expect(difference(frame, frames[0]!, (x) => x < 40)).toBeLessThan(1.5);
  }
});

test("nothing jumps where the driver's jaw is lost and found again", () => {
  const lost = Array.from({ length: count }, (_, i) => {
    const { face_keypoints_2d: values } = talkingHead(i / count).people[0]!;
    return values.filter((value, at) => at % 3 === 2 && value === 0).length;
  });
  expect(lost[0]).toBe(0);
  const steps = frames.slice(1).map((frame, i) => difference(frame, frames[i]!));
  const changes = steps.filter((_, i) => lost[i] !== lost[i + 1]);
  expect(changes.length).toBe(4); // once on each side
  // While it speaks, frames change by up to 8 grey levels; with lost points at the corner of the video, by 21 and 43 here.
  for (const step of changes) expect(step).toBeLessThan(6);
});
