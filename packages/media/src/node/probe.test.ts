import { rename, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { expect, test } from "vitest";
import { plain } from "../testing/pictures.ts";
import { steady, writeSourceVideo } from "../testing/source-video.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { savePicture } from "./pictures/save-picture.ts";
import { probe } from "./probe.ts";

test("a file is what its bytes are, not what its name says", async () => {
  await using folder = await temporaryFolder();
  await savePicture(folder.file("a.png"), plain(12, 8, [1, 2, 3]));
  await rename(folder.file("a.png"), folder.file("a.mp4"));
  expect(await probe(folder.file("a.mp4"))).toEqual({
    kind: "picture",
    format: "png",
    width: 12,
    height: 8,
    hasAlpha: true,
  });
});

test("a picture's size is that after EXIF orientation", async () => {
  await using folder = await temporaryFolder();
  const { width, height, data } = plain(12, 8, [1, 2, 3]);
  await sharp(new Uint8Array(data), { raw: { width, height, channels: 4 } })
    .flatten()
    .withMetadata({ orientation: 6 })
    .toFile(folder.file("a.jpg"));
  expect(await probe(folder.file("a.jpg"))).toMatchObject({ width: 8, height: 12, hasAlpha: false });
});

test("a video is described without decoding it", async () => {
  await using folder = await temporaryFolder();
  const audio = { codec: "aac", from: 0, to: 1 } as const;
  await writeSourceVideo(folder.file("a.mp4"), { times: steady(25, 25), audio });
  expect(await probe(folder.file("a.mp4"))).toEqual({
    kind: "video",
    width: 64,
    height: 48,
    frameCount: 25,
    frameCountExact: true,
    duration: 1,
    frameRate: 25,
    codec: "avc",
    container: "mp4",
    hasAudio: true,
    audioCodec: "aac",
  });
});

test("a folder of frames is a video", async () => {
  await using folder = await temporaryFolder();
  await savePicture(folder.file("1.png"), plain(12, 8, [1, 2, 3]));
  expect(await probe(folder.path)).toMatchObject({ kind: "video", container: "frames", frameCount: 1 });
});

test("anything else is an error that says what it is", async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.file("a.zip"), "PK\u0003\u0004rest");
  await expect(probe(folder.file("a.zip"))).rejects.toMatchObject({
    code: "MEDIA",
    message: `${folder.file("a.zip")}: expected a picture or a video, got a zip archive.`,
  });
});
