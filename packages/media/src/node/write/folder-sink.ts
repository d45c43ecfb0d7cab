import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "../../video.ts";
import type { Sharp } from "../optional-packages.ts";
import { droppedSound } from "./dropped-sound.ts";
import type { FrameSink } from "./video-writer.ts";

/** Writes frame_000001.png, frame_000002.png, … into a folder. Times are not kept. */
export function openFolderSink(folder: string, sharp: Sharp, hasSound: boolean): FrameSink {
  let frames = 0;
  return {
    async write({ width, height, data }: Frame) {
      const name = `frame_${String(++frames).padStart(6, "0")}.png`;
      const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      // Not written by sharp, whose errors do not tell a full disk from a picture that cannot be encoded.
      const bytes = await sharp(pixels, { raw: { width, height, channels: 4 } })
        .png()
        .toBuffer();
      await writeFile(join(folder, name), bytes);
    },
    async finish() {
      return { frames, ...droppedSound(hasSound, "A folder of pictures") };
    },
    async close() {},
  };
}
