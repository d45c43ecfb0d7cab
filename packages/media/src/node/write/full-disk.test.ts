import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { codecChoices } from "../../testing/codec-choices.ts";
import { film, noise } from "../../testing/pictures.ts";
import { smallDisk, smallDisks } from "../../testing/small-disk.ts";
import { writeSourceVideo } from "../../testing/source-video.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import type { CodecChoice } from "../codecs/codecs.ts";
import { savePicture } from "../pictures/save-picture.ts";
import { openVideo } from "../read/open-video.ts";
import { createVideoWriter } from "./create-video-writer.ts";

const full = {
  code: "FILE",
  message: expect.stringMatching(
    /: the disk is full \(ENOSPC\) after [\d.]+ [kM]B of the result, none of which was kept\. Free some space, or/,
  ),
};

async function fill(path: string, picture: typeof film, codecs: CodecChoice = "auto") {
  await using writer = await createVideoWriter(path, { width: 256, height: 256, quality: 100, codecs });
  for (let i = 0; i < 40; i++) await writer.write(picture(256, 256, i));
  return writer.finish();
}

describe.skipIf(smallDisks.skip)(smallDisks.name, () => {
  describe.each(codecChoices)("$name", ({ codecs, skip }) => {
    test.skipIf(skip).each(["out.mp4", "out.webm"])("%s fails, says why, and leaves nothing", async (name) => {
      await using disk = await smallDisk("1m");
      await expect(fill(disk.file(name), noise, codecs)).rejects.toMatchObject(full);
      expect(await readdir(disk.path)).toEqual([]);
    });
  });

  const { skip, name } = codecChoices[1];
  test.skipIf(skip).each([
    ["in.mp4", "aac", "out.webm"],
    ["in.mkv", "pcm-s16", "out.mp4"],
  ] as const)(`${name}, sound from %s (%s) that does not fit beside %s is not left out`, async (from, codec, to) => {
    await using folder = await temporaryFolder();
    await writeSourceVideo(folder.file(from), { times: [0], audio: { codec, from: 0, to: 20 } });
    await using disk = await smallDisk("40k");
    await using reader = await openVideo(folder.file(from));
    const opening = createVideoWriter(disk.file(to), { ...reader.info, audio: reader.audio, codecs: "ffmpeg" });
    await expect(opening).rejects.toMatchObject({
      code: "FILE",
      message: `${disk.file(to)}: the disk is full (ENOSPC). Free some space, or choose a place on another disk.`,
    });
    expect(await readdir(disk.path)).toEqual([]);
  });

  test.each(["out.gif", "frames/"])("%s fails, says why, and leaves nothing", async (name) => {
    await using disk = await smallDisk("40k");
    await expect(fill(disk.file(name), film)).rejects.toMatchObject(full);
    expect(await readdir(disk.path)).toEqual([]);
  });

  test("a picture fails, says why, and leaves nothing", async () => {
    await using disk = await smallDisk("40k");
    await expect(savePicture(disk.file("out.png"), noise(256, 256, 0))).rejects.toMatchObject(full);
    expect(await readdir(disk.path)).toEqual([]);
  });
});
