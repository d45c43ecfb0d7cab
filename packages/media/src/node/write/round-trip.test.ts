import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { codecChoices } from "../../testing/codec-choices.ts";
import { film, patches, pixel, plain, quarters } from "../../testing/pictures.ts";
import { readAll } from "../../testing/read-all.ts";
import { steady } from "../../testing/source-video.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { openVideo } from "../read/open-video.ts";
import { createVideoWriter } from "./create-video-writer.ts";

const uneven = [0, 0.0453, 0.0906, 0.1, 0.35, 0.3834, 0.41, 0.5];

for (const { codecs, skip, name } of codecChoices) {
  describe.skipIf(skip)(name, () => {
    describe.each([
      ["mp4", 1 / 57600],
      ["webm", 1 / 1000],
    ])("%s", (ending, tick) => {
      test("frames come back in number, at their times, whatever the rate", async () => {
        await using folder = await temporaryFolder();
        const path = folder.file(`out.${ending}`);
        await using writer = await createVideoWriter(path, { width: 64, height: 48, codecs });
        for (const [i, time] of uneven.entries()) {
          // A clock that does not begin at 0: only differences count.
          const duration = (uneven[i + 1] ?? 0.56) - time;
          await writer.write({ ...film(64, 48, i), timestamp: 7 + time, duration });
        }
        const written = await writer.finish();
        expect(written).toMatchObject({ path, frames: 8, audio: "none", warnings: [] });
        expect(written.duration).toBeCloseTo(0.56, 6);

        await using reader = await openVideo(path, { codecs });
        const frames = await readAll(reader.frames());
        expect(frames.map((frame) => frame.timestamp)).toHaveLength(8);
        for (const [i, frame] of frames.entries()) {
          expect(Math.abs(frame.timestamp - uneven[i]!)).toBeLessThanOrEqual(tick);
        }
        expect(frames.at(-1)!.duration).toBeCloseTo(0.06, 2);
        expect(reader.info).toMatchObject({ width: 64, height: 48, frameCount: 8, frameCountExact: true });
        expect(reader.info.duration).toBeCloseTo(0.56, 2);
      });

      test("colours survive within 4 of 255", async () => {
        await using folder = await temporaryFolder();
        const colours = [
          [220, 40, 40],
          [20, 200, 90],
          [30, 60, 210],
          [128, 128, 128],
          [255, 255, 255],
          [0, 0, 0],
        ];
        await using writer = await createVideoWriter(folder.file(`out.${ending}`), { width: 192, height: 32, codecs });
        await writer.write(patches(colours, 32));
        const { path } = await writer.finish();
        await using reader = await openVideo(path, { codecs });
        const [frame] = await readAll(reader.frames());
        for (const [i, colour] of colours.entries()) {
          const got = pixel(frame!, i * 32 + 16, 16);
          const worst = Math.max(...colour.map((value, channel) => Math.abs(value - got[channel]!)));
          expect(worst, `${colour} came back as ${got}`).toBeLessThanOrEqual(4);
        }
      });

      test("odd sizes are padded to even ones, with a warning", async () => {
        await using folder = await temporaryFolder();
        await using writer = await createVideoWriter(folder.file(`out.${ending}`), { width: 33, height: 17, codecs });
        await writer.write(quarters(33, 17));
        const { path, warnings } = await writer.finish();
        expect(warnings).toEqual([
          {
            type: "padded-to-even",
            message: "Video needs even sizes, so 33x17 became 34x18 by repeating its last column or row.",
          },
        ]);
        await using reader = await openVideo(path, { codecs });
        expect(reader.info).toMatchObject({ width: 34, height: 18 });
      });

      test("a video of one frame is a video", async () => {
        await using folder = await temporaryFolder();
        await using writer = await createVideoWriter(folder.file(`out.${ending}`), { width: 32, height: 32, codecs });
        await writer.write({ ...plain(32, 32, [9, 99, 9]), timestamp: 0, duration: 0.5 });
        const { path, frames, duration } = await writer.finish();
        expect({ frames, duration }).toEqual({ frames: 1, duration: 0.5 });
        await using reader = await openVideo(path, { codecs });
        expect(await readAll(reader.frames())).toHaveLength(1);
      });

      test("a range begins with the frame shown then, and keeps the clock of the video", async () => {
        await using folder = await temporaryFolder();
        await using writer = await createVideoWriter(folder.file(`out.${ending}`), { width: 64, height: 48, codecs });
        for (const i of steady(50, 1)) await writer.write(film(64, 48, i));
        const { path } = await writer.finish();
        await using reader = await openVideo(path, { codecs });
        // 25 per second: 1.01 s falls into the frame at 1.0 s, and 1.13 s is not reached.
        const range = await readAll(reader.frames({ start: 1.01, duration: 0.12 }));
        expect(range.map((frame) => Math.round(frame.timestamp * 25))).toEqual([25, 26, 27, 28]);
      });
    });

    test("an MP4 has its index in front of its media data, so it plays while it loads", async () => {
      await using folder = await temporaryFolder();
      await using writer = await createVideoWriter(folder.file("out.mp4"), { width: 64, height: 48, codecs });
      for (let i = 0; i < 20; i++) await writer.write(film(64, 48, i));
      const bytes = await readFile((await writer.finish()).path, "latin1");
      expect(bytes.indexOf("moov")).toBeGreaterThan(0);
      expect(bytes.indexOf("moov")).toBeLessThan(bytes.indexOf("mdat"));
    });
  });
}

test("what one way writes, the other reads: the tags say which matrix it was", async ({ skip }) => {
  if (codecChoices.some((choice) => choice.skip)) skip("no ffmpeg on PATH");
  await using folder = await temporaryFolder();
  for (const [write, read] of [
    ["node-av", "ffmpeg"],
    ["ffmpeg", "node-av"],
  ] as const) {
    const path = folder.file(`${write}.mp4`);
    await using writer = await createVideoWriter(path, { width: 32, height: 32, codecs: write });
    await writer.write(plain(32, 32, [220, 40, 40]));
    await writer.finish();
    await using reader = await openVideo(path, { codecs: read });
    const [frame] = await readAll(reader.frames());
    expect(Math.max(...pixel(frame!, 9, 9).map((value, i) => Math.abs(value - [220, 40, 40, 255][i]!)))).toBeLessThan(
      5,
    );
  }
});
