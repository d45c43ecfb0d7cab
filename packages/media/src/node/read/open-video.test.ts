import { mkdir, open, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { codecChoices } from "../../testing/codec-choices.ts";
import { distance, film, pixel, plain, quarters } from "../../testing/pictures.ts";
import { readAll } from "../../testing/read-all.ts";
import { steady, writeSourceVideo } from "../../testing/source-video.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { savePicture } from "../pictures/save-picture.ts";
import { createVideoWriter } from "../write/create-video-writer.ts";
import { openVideo } from "./open-video.ts";

describe.each(codecChoices)("$name", ({ codecs, skip }) => {
  describe.skipIf(skip)("frames", () => {
    test("come upright and with their colours in place, however the file is turned", async () => {
      await using folder = await temporaryFolder();
      const upright = quarters(64, 48);
      for (const rotation of [0, 90, 180, 270] as const) {
        const path = folder.file(`${rotation}.mp4`);
        await writeSourceVideo(path, { times: [0, 0.04], rotation, picture: () => upright });
        await using reader = await openVideo(path, { codecs });
        const [frame] = await readAll(reader.frames());
        const [width, height] = rotation % 180 === 0 ? [64, 48] : [48, 64];
        expect(reader.info).toMatchObject({ width, height });
        expect(frame).toMatchObject({ width, height });
        // Clockwise: after 90°, the quarter at the bottom left (blue) is at the top left.
        const topLeft = { 0: "red", 90: "blue", 180: "white", 270: "green" }[rotation];
        const [r, g, b] = pixel(frame!, 8, 8) as [number, number, number];
        const seen = r > 180 && g > 180 ? "white" : r > 150 ? "red" : g > 150 ? "green" : b > 150 ? "blue" : "none";
        expect(seen).toBe(topLeft);
      }
    });

    test("keep their times in MP4, MOV, Matroska and WebM, rebased to begin at 0", async () => {
      await using folder = await temporaryFolder();
      const times = [0.4, 0.45, 0.47, 0.7, 0.71, 0.8];
      for (const ending of ["mp4", "mov", "mkv", "webm"]) {
        const path = folder.file(`in.${ending}`);
        await writeSourceVideo(path, { times });
        await using reader = await openVideo(path, { codecs });
        const frames = await readAll(reader.frames());
        expect(frames).toHaveLength(6);
        for (const [i, frame] of frames.entries()) {
          expect(Math.abs(frame.timestamp - (times[i]! - 0.4))).toBeLessThanOrEqual(0.001);
          if (i < 5) expect(frame.duration).toBeCloseTo(times[i + 1]! - times[i]!, 2);
        }
        expect(reader.info.container).toBe(ending === "mkv" ? "matroska" : ending);
      }
    });

    test("may be read again, and each reading starts anew", async () => {
      await using folder = await temporaryFolder();
      await writeSourceVideo(folder.file("in.mp4"), { times: steady(30, 25) });
      await using reader = await openVideo(folder.file("in.mp4"), { codecs });
      for await (const frame of reader.frames()) if (frame.timestamp > 0.2) break;
      const [one, other] = await Promise.all([readAll(reader.frames()), readAll(reader.frames())]);
      expect(one).toHaveLength(30);
      expect(other.map((frame, i) => distance(frame, one[i]!))).toEqual(one.map(() => 0));
    });

    test("stop on abort with its own reason, and after the reader is closed", async () => {
      await using folder = await temporaryFolder();
      await writeSourceVideo(folder.file("in.mp4"), { times: steady(30, 25) });
      const reader = await openVideo(folder.file("in.mp4"), { codecs });
      const controller = new AbortController();
      const frames = reader.frames({ signal: controller.signal });
      await frames.next();
      controller.abort(new Error("enough"));
      await expect(frames.next()).rejects.toThrow("enough");
      await reader[Symbol.asyncDispose]();
      await expect(reader.frames().next()).rejects.toMatchObject({ code: "DISPOSED" });
    });

    test("that come before the damage are delivered, then the error says how many", async () => {
      await using folder = await temporaryFolder();
      const path = folder.file("in.mp4");
      await using writer = await createVideoWriter(path, { width: 64, height: 48 });
      for (let i = 0; i < 60; i++) await writer.write(film(64, 48, i));
      await writer.finish();
      // Moov is in front, so cutting the end leaves a whole index.
      const { length } = await readFile(path);
      await truncate(path, Math.round(length * 0.6));
      await using reader = await openVideo(path, { codecs });
      let count = 0;
      const reading = (async () => {
        for await (const _ of reader.frames()) count++;
      })();
      await expect(reading).rejects.toMatchObject({ code: "MEDIA" });
      await expect(reading).rejects.toThrow(`in.mp4: the video is damaged after ${count} frames (`);
      expect(count).toBeGreaterThan(5);
    });
  });
});

test("a slow consumer is waited for: no frame is decoded far ahead", async () => {
  await using folder = await temporaryFolder();
  await writeSourceVideo(folder.file("in.mp4"), { times: steady(120, 25) });
  const { VideoSample } = await import("mediabunny");
  let made = 0;
  const close = VideoSample.prototype.close;
  let closed = 0;
  VideoSample.prototype.close = function () {
    closed++;
    return close.call(this);
  };
  try {
    await using reader = await openVideo(folder.file("in.mp4"), { codecs: "node-av" });
    let ahead = 0;
    for await (const _ of reader.frames()) {
      made++;
      if (made % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      // A sample is closed as soon as it is converted: what is converted and not yet delivered is held back once.
      ahead = Math.max(ahead, closed - made);
    }
    expect(made).toBe(120);
    expect(ahead).toBeLessThanOrEqual(2);
  } finally {
    VideoSample.prototype.close = close;
  }
});

describe("what is not a video is one clear error", () => {
  const files: [name: string, content: string | Uint8Array, message: string][] = [
    ["empty.mp4", "", "expected a video, got an empty file. Check the download."],
    ["text.mp4", "404: not found\n", "expected a video, got a text file of 15 bytes. Check the download."],
    [
      "concat.mp4",
      "ffconcat version 1.0\nfile secret.mp4\n",
      "expected a video, got a text file of 37 bytes. Check the download.",
    ],
    [
      "list.mp4",
      "#EXTM3U\n#EXTINF:4,\nsecret.mp4\n",
      "expected a video, got a text file of 30 bytes. Check the download.",
    ],
    ["noise.mp4", Uint8Array.of(0, 1, 2, 3, 200, 1), "expected a video, got bytes of no known format of 6 bytes."],
    [
      "sound.mp4",
      "ID3\u0003\u0000",
      "expected a video, got an MP3 sound file. MP4, MOV, WebM, MKV, GIF and animated WebP",
    ],
  ];
  test.each(files)("%s", async (name, content, message) => {
    await using folder = await temporaryFolder();
    const path = folder.file(name);
    await writeFile(path, content);
    await expect(openVideo(path)).rejects.toMatchObject({ code: "MEDIA" });
    await expect(openVideo(path)).rejects.toThrow(`${path}: ${message}`);
  });

  test("a missing file", async () => {
    await expect(openVideo("nowhere/clip.mp4")).rejects.toMatchObject({
      code: "FILE",
      message: "nowhere/clip.mp4: expected a video, found nothing there. Check the path.",
    });
  });

  test("a picture", async () => {
    await using folder = await temporaryFolder();
    await savePicture(folder.file("a.png"), plain(4, 4, [1, 2, 3]));
    await expect(openVideo(folder.file("a.png"))).rejects.toMatchObject({
      code: "MEDIA",
      message: `${folder.file("a.png")}: expected a video, got a PNG picture. A folder of pictures can be read as a video; a single one cannot.`,
    });
  });

  test.each(["mp4", "webm"])("a %s that is cut off near its start", async (ending) => {
    await using folder = await temporaryFolder();
    const path = folder.file(`in.${ending}`);
    // The index of this MP4 is at its end.
    await writeSourceVideo(path, { times: steady(50, 25) });
    const { length } = await readFile(path);
    await truncate(path, Math.round(length / 2));
    await expect(openVideo(path)).rejects.toMatchObject({ code: "MEDIA" });
    await expect(openVideo(path)).rejects.toThrow(/download or export it again\.$/);
  });

  test("sound without pictures", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("in.mp4");
    await writeSourceVideo(path, { times: [], audio: { codec: "aac", from: 0, to: 0.5 } });
    await expect(openVideo(path)).rejects.toThrow(/sound only|without one whole frame/);
  });

  test("media data of zeros", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("in.mp4");
    await writeSourceVideo(path, { times: steady(5, 25) });
    const bytes = await readFile(path);
    const from = bytes.indexOf("mdat") + 4;
    bytes.fill(0, from, bytes.indexOf("moov") - 4);
    await writeFile(path, bytes);
    await using reader = await openVideo(path);
    await expect(reader.frames().next()).rejects.toThrow(/no frame can be decoded|damaged after 0 frames/);
  });

  test("frames of absurd size, before one is decoded", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("in.mp4");
    await writeSourceVideo(path, { times: [0, 0.04] });
    const bytes = await readFile(path);
    // Sample entry: 4 bytes of name, 24 of fields, then width and height.
    const entry = bytes.indexOf("avc1", bytes.indexOf("stsd"));
    bytes.writeUInt16BE(65535, entry + 28);
    bytes.writeUInt16BE(65535, entry + 30);
    await writeFile(path, bytes);
    await expect(openVideo(path)).rejects.toMatchObject({
      code: "MEDIA",
      message: `${path}: expected frames of at most 50000000 pixels, got 65535x65535. Scale it down first (a program can raise limits.maxPixels).`,
    });
  });

  test("a range outside the video", async () => {
    await using folder = await temporaryFolder();
    await writeSourceVideo(folder.file("in.mp4"), { times: steady(25, 25) });
    await using reader = await openVideo(folder.file("in.mp4"));
    await expect(reader.frames({ start: 2 }).next()).rejects.toMatchObject({
      code: "OPTION",
      message: `${folder.file("in.mp4")}: start is at 2 s, but the video ends at 1.000 s.`,
    });
    await expect(reader.frames({ duration: 0 }).next()).rejects.toMatchObject({ code: "OPTION" });
  });
});

describe("a folder of pictures", () => {
  test("is read in natural order, at the rate that is asked for", async () => {
    await using folder = await temporaryFolder();
    for (const i of [1, 2, 10]) await savePicture(folder.file(`f${i}.png`), plain(8, 8, [i * 20, 0, 0]));
    await writeFile(folder.file("notes.txt"), "not a frame");
    await using reader = await openVideo(folder.path, { frameRate: 10 });
    expect(reader.info).toMatchObject({ frameCount: 3, frameRate: 10, container: "frames", codec: "png" });
    const frames = await readAll(reader.frames());
    expect(frames.map((frame) => [frame.data[0], frame.timestamp])).toEqual([
      [20, 0],
      [40, 0.1],
      [200, 0.2],
    ]);
  });

  test("of different sizes is an error that names the picture", async () => {
    await using folder = await temporaryFolder();
    await savePicture(folder.file("a.png"), plain(8, 8, [0, 0, 0]));
    await savePicture(folder.file("b.png"), plain(8, 9, [0, 0, 0]));
    await using reader = await openVideo(folder.path);
    await expect(readAll(reader.frames())).rejects.toMatchObject({
      code: "MEDIA",
      message: `${folder.file("b.png")}: expected 8x8 like a.png, got 8x9. All frames must have one size.`,
    });
  });

  test("without a picture is an error", async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.file("none"));
    await expect(openVideo(folder.file("none"))).rejects.toMatchObject({
      code: "MEDIA",
      message: `${folder.file("none")}: expected a folder of PNG, JPEG or WebP frames, found none in it.`,
    });
  });

  test("is what the PNG writer makes", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(`${folder.file("frames")}/`, { width: 16, height: 9 });
    for (let i = 0; i < 3; i++) await writer.write(film(16, 9, i));
    await writer.finish();
    expect(await readdir(folder.file("frames"))).toEqual(["frame_000001.png", "frame_000002.png", "frame_000003.png"]);
    await using reader = await openVideo(folder.file("frames"));
    const frames = await readAll(reader.frames());
    expect(frames.map((frame, i) => distance(frame, film(16, 9, i)))).toEqual([0, 0, 0]);
  });
});

test("a file with a pipe's name is read as a file", async () => {
  await using folder = await temporaryFolder();
  const path = folder.file("pipe:0");
  await (await open(path, "w")).close();
  await expect(openVideo(path)).rejects.toMatchObject({ code: "MEDIA" });
});
