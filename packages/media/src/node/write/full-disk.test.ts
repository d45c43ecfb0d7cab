import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { codecChoices } from "../../testing/codec-choices.ts";
import { film, noise } from "../../testing/pictures.ts";
import { smallDisk, smallDisks } from "../../testing/small-disk.ts";
import type { CodecChoice } from "../codecs/codecs.ts";
import { savePicture } from "../pictures/save-picture.ts";
import { createVideoWriter } from "./create-video-writer.ts";

const full = {
  code: "FILE",
  message: expect.stringMatching(
    /: the disk is full \(ENOSPC\) after [\d.]+ MB of the result, none of which was kept\. Free some space, or/,
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
