// pnpm start [--out FILE.mp4|FILE.gif|FOLDER/]: a painting moved by face landmarks alone. No network, no weights.
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { landmarkLayouts, readOpenPose } from "@bunraku/keypoints/landmarks";
import { createVideoWriter, loadPicture } from "@bunraku/media/node";
import { centreCrop, createPictureResizer, imageToPicture, type Picture } from "@bunraku/warp";
import { drawLandmarks } from "./draw-landmarks.ts";
import { movePortrait } from "./move-portrait.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const layout = "face70";
const side = 512; // pixels
const frameRate = 20;

const { values } = parseArgs({
  options: { out: { type: "string", default: here("../../out/landmark-portrait.mp4") } },
});

// The head and shoulders of the painting. Its landmarks were placed by hand, on the whole picture.
const painting = await loadPicture(here("../../samples/portraits/girl_with_a_pearl_earring.jpg"));
const crop = { left: 60, top: 60, width: 1000, height: 1000 };
const portrait = imageToPicture(createPictureResizer(painting, { height: side, width: side }, crop)(painting));
const json = await readFile(here("girl-with-a-pearl-earring.json"), "utf8");
const landmarks = readOpenPose(JSON.parse(json), { layout, size: painting, crop });

// The driver's video is 640 × 480; a square in the middle of it drives the square portrait.
const video = { width: 640, height: 480 };
const lines = (await readFile(here("driving.jsonl"), "utf8")).trim().split("\n");
const driver = lines.map((line) => readOpenPose(JSON.parse(line), { layout, size: video, crop: centreCrop(video) }));

await mkdir(dirname(values.out), { recursive: true });
await using writer = await createVideoWriter(values.out, { width: 2 * side, height: side, frameRate, overwrite: true });
let i = 0;
for (const picture of movePortrait(portrait, landmarks, driver)) {
  await writer.write(beside(drawLandmarks(driver[i++]!, landmarkLayouts[layout], side), picture));
}
const { path, frames } = await writer.finish();
console.log(`${path}: ${frames} frames, the driver's landmarks | the portrait`);

function beside(left: Picture, right: Picture) {
  const width = left.width + right.width;
  const data = new Uint8ClampedArray(width * left.height * 4);
  for (let y = 0; y < left.height; y++) {
    data.set(left.data.subarray(4 * y * left.width, 4 * (y + 1) * left.width), 4 * y * width);
    data.set(right.data.subarray(4 * y * right.width, 4 * (y + 1) * right.width), 4 * (y * width + left.width));
  }
  return { width, height: left.height, data };
}
