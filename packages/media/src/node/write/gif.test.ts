import { readdir, stat, truncate } from "node:fs/promises";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { distance, film, pixel, plain } from "../../testing/pictures.ts";
import { readAll } from "../../testing/read-all.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { openVideo } from "../read/open-video.ts";
import { createVideoWriter } from "./create-video-writer.ts";
import { gifTimes } from "./gif-times.ts";

describe("times", () => {
  test("delays add up to the duration, none is below 20 ms, whatever the times", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 700, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (gaps) => {
          const times = gifTimes<number>();
          const delays: number[] = [];
          let clock = 0;
          for (const [i, gap] of gaps.entries()) {
            for (const { delay } of times.next(i, clock)) delays.push(delay);
            clock += gap;
          }
          for (const { delay } of times.end(clock)) delays.push(delay);
          expect(Math.min(...delays)).toBeGreaterThanOrEqual(2);
          expect(Math.max(...delays)).toBeLessThanOrEqual(65535);
          const total = delays.reduce((sum, delay) => sum + delay, 0);
          // The last frame begins at most half a hundredth late, by rounding, and lasts two hundredths at least.
          expect(Math.abs(total - clock * 100)).toBeLessThanOrEqual(2.5);
        },
      ),
    );
  });

  test("30 frames per second stay 30 for a minute: rounding does not add up", () => {
    const times = gifTimes<number>();
    let count = 0;
    let total = 0;
    const add = (shown: readonly { delay: number }[]) => {
      for (const { delay } of shown) {
        count++;
        total += delay;
      }
    };
    for (let i = 0; i < 1800; i++) add(times.next(i, i / 30));
    add(times.end(60));
    expect({ count, total }).toEqual({ count: 1800, total: 6000 });
  });

  test.each([
    ["comes after 30 years", [{ timestamp: 0 }, { timestamp: 1e9 }]],
    ["is shown for 30 years", [{ timestamp: 0, duration: 1e9 }]],
  ])("a frame that %s is refused, and not split into millions", async (_, frames) => {
    await using folder = await temporaryFolder();
    const path = folder.file("out.gif");
    await using writer = await createVideoWriter(path, { width: 2, height: 2 });
    const work = async () => {
      for (const times of frames) await writer.write({ ...plain(2, 2, [1, 2, 3]), duration: 0, ...times });
      await writer.finish();
    };
    await expect(work()).rejects.toMatchObject({
      code: "MEDIA",
      message: `${path}: expected at most 24 hours for a GIF, got 277777.8. Cut it, or write .mp4 or .webm.`,
    });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("a frame of a day is split into delays that a GIF has", async () => {
    const times = gifTimes<string>();
    times.next("still", 0);
    const shown = times.end(86400);
    expect(shown).toHaveLength(132);
    expect(shown.reduce((sum, { delay }) => sum + delay, 0)).toBe(8_640_000);
  });

  test("at 120 per second frames are left out, and the length is kept", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("out.gif"), { width: 16, height: 16, frameRate: 120 });
    for (let i = 0; i < 120; i++) await writer.write(film(16, 16, i));
    const { frames, path } = await writer.finish();
    expect(frames).toBeLessThanOrEqual(50);
    await using reader = await openVideo(path);
    expect(reader.info.duration).toBeCloseTo(1, 2);
    expect(reader.info.frameCount).toBe(frames);
  });
});

describe("pictures", () => {
  test("come back in number, at their times, close to their colours", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("out.gif"), { width: 64, height: 48, frameRate: 25 });
    for (let i = 0; i < 40; i++) await writer.write(film(64, 48, i));
    const { path, frames } = await writer.finish();
    expect(frames).toBe(40);
    await using reader = await openVideo(path);
    expect(reader.info).toMatchObject({ frameCount: 40, container: "gif", codec: "gif", hasAudio: false });
    const read = await readAll(reader.frames());
    for (const [i, frame] of read.entries()) {
      expect(frame.timestamp).toBeCloseTo(i / 25, 5);
      expect(distance(frame, film(64, 48, i))).toBeLessThanOrEqual(24);
    }
    expect((await sharp(path).metadata()).loop).toBe(0);
  });

  test("few colours are kept exactly, up to 8 levels of sampling", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("out.gif"), { width: 16, height: 16 });
    await writer.write(plain(16, 16, [220, 40, 40]));
    const { path } = await writer.finish();
    await using reader = await openVideo(path);
    const [frame] = await readAll(reader.frames());
    expect(pixel(frame!, 5, 5)).toEqual([220, 40, 40, 255]);
  });

  test("a new scene after the palette was made gets its own colours", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("out.gif"), { width: 32, height: 32 });
    for (let i = 0; i < 35; i++) await writer.write(plain(32, 32, [200, 30, 30]));
    for (let i = 0; i < 3; i++) await writer.write(plain(32, 32, [20, 180, 200]));
    const { path } = await writer.finish();
    await using reader = await openVideo(path);
    const frames = await readAll(reader.frames());
    expect(pixel(frames[34]!, 9, 9)).toEqual([200, 30, 30, 255]);
    expect(pixel(frames[36]!, 9, 9)).toEqual([20, 180, 200, 255]);
  });

  test("holes stay holes: nothing of the frame before shows through", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("out.gif"), { width: 32, height: 16 });
    // A square walks over nothing.
    const frame = (at: number) => {
      const picture = plain(32, 16, [0, 0, 0, 0]);
      for (let y = 4; y < 12; y++) {
        for (let x = at; x < at + 8; x++) picture.data.set([10, 200, 30, 255], (y * 32 + x) * 4);
      }
      return picture;
    };
    for (const at of [0, 8, 16]) await writer.write(frame(at));
    const { path } = await writer.finish();
    await using reader = await openVideo(path);
    const frames = await readAll(reader.frames());
    const alphas = frames.map((shown) => [3, 11, 19].map((x) => pixel(shown, x, 8)[3]));
    expect(alphas).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ]);
  });

  test("what does not move costs little", async () => {
    await using folder = await temporaryFolder();
    const sizes: number[] = [];
    for (const count of [1, 50]) {
      await using writer = await createVideoWriter(folder.file(`${count}.gif`), { width: 64, height: 48 });
      for (let i = 0; i < count; i++) await writer.write(film(64, 48, 0));
      const { path } = await writer.finish();
      sizes.push((await stat(path)).size);
    }
    expect(sizes[1]! / sizes[0]!).toBeLessThan(5);
  });
});

describe("reading", () => {
  test("delays of 0 and 10 ms are shown for 100 ms, as browsers do", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("in.gif");
    const pages = Buffer.concat([0, 80, 160, 240].map((value) => Buffer.from(plain(8, 8, [value, 0, 0]).data)));
    await sharp(pages, { raw: { width: 8, height: 32, channels: 4, pageHeight: 8 } })
      .gif({ delay: [0, 10, 20, 250] })
      .toFile(path);
    await using reader = await openVideo(path);
    const frames = await readAll(reader.frames());
    expect(frames.map((frame) => Math.round(frame.duration * 1000))).toEqual([100, 100, 20, 250]);
    expect(frames.map((frame) => frame.data[0])).toEqual([0, 80, 160, 240]);
  });

  test("an animated WebP is a video; a still one is not", async () => {
    await using folder = await temporaryFolder();
    const pages = Buffer.concat([10, 200].map((value) => Buffer.from(plain(8, 8, [value, value, value]).data)));
    await sharp(pages, { raw: { width: 8, height: 16, channels: 4, pageHeight: 8 } })
      .webp({ delay: [40, 60], lossless: true })
      .toFile(folder.file("moving.webp"));
    await sharp(new Uint8Array(plain(8, 8, [1, 1, 1]).data), { raw: { width: 8, height: 8, channels: 4 } })
      .webp()
      .toFile(folder.file("still.webp"));
    await using reader = await openVideo(folder.file("moving.webp"));
    const frames = await readAll(reader.frames());
    expect(frames.map((frame) => [frame.data[0], Math.round(frame.timestamp * 1000)])).toEqual([
      [10, 0],
      [200, 40],
    ]);
    expect(reader.info.container).toBe("webp");
    await expect(openVideo(folder.file("still.webp"))).rejects.toMatchObject({ code: "MEDIA" });
  });

  test("long animations are decoded in batches, and ranges begin in the middle", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("long.gif"), { width: 8, height: 8, frameRate: 20 });
    for (let i = 0; i < 300; i++) await writer.write(plain(8, 8, [i % 250, 100, 0]));
    const { path } = await writer.finish();
    await using reader = await openVideo(path);
    const range = await readAll(reader.frames({ start: 7.01, duration: 0.2 }));
    expect(range.map((frame) => Math.round(frame.timestamp * 20))).toEqual([140, 141, 142, 143, 144]);
    expect(await readAll(reader.frames())).toHaveLength(300);
  });

  test("a GIF that is cut off gives the frames that are there, with a warning", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("a.gif"), { width: 64, height: 48 });
    for (let i = 0; i < 10; i++) await writer.write(film(64, 48, i));
    const { path } = await writer.finish();
    {
      await using whole = await openVideo(path);
      expect(whole.warnings).toEqual([]);
    }
    await truncate(path, Math.round((await stat(path)).size * 0.6));
    await using reader = await openVideo(path);
    const frames = await readAll(reader.frames());
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.length).toBeLessThan(10);
    expect(reader.warnings).toEqual([
      { type: "cut-off", message: `${path}: the GIF has no end mark, so it may be cut off.` },
    ]);
  });
});
