import { readdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { plain } from "../../testing/pictures.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { CheckedWriter } from "./checked-writer.ts";
import { reserveTarget } from "./target.ts";

test.each([
  [
    "ENOSPC",
    1_234_567,
    /out\.gif: the disk is full \(ENOSPC\) after 1\.2 MB of the result, none of which was kept\. Free /,
  ],
  [
    "EDQUOT",
    200_000,
    /out\.gif: the disk quota is used up \(EDQUOT\) after 200 kB of the result, none of which was kept\. Free /,
  ],
  ["EFBIG", 200_000, /out\.gif: the disk takes no file as large as this \(EFBIG\) after 200 kB of the result/],
  ["EIO", 200_000, /out\.gif: could not be written \(EIO: said at last, close\)\.$/],
])("%s that is said only when the file is closed fails, and leaves nothing", async (code, bytes, message) => {
  await using folder = await temporaryFolder();
  const target = await reserveTarget(folder.file("out.gif"), { overwrite: false });
  const sink = {
    write: () => writeFile(target.part, new Uint8Array(bytes)),
    finish: async () => ({ frames: 1, audio: "none", warnings: [] }) as const,
    async close() {
      throw Object.assign(new Error(`${code}: said at last, close`), { code });
    },
  };
  await using writer = new CheckedWriter(target, sink, { width: 2, height: 2, frameRate: 25, signal: undefined });
  await writer.write(plain(2, 2, [1, 2, 3]));
  await expect(writer.finish()).rejects.toMatchObject({ code: "FILE", message: expect.stringMatching(message) });
  expect(await readdir(folder.path)).toEqual([]);
});
