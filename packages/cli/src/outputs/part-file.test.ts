import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openPartFile } from "./part-file.ts";

test("pieces follow each other, and are counted", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bunraku-part-"));
  const part = join(folder, ".a.part");
  const file = await openPartFile({ path: "a.bkmotion", part });
  for (const piece of ["one ", "two ", "three"]) await file.write(new TextEncoder().encode(piece));
  expect(file.bytes).toBe(13);
  await file[Symbol.asyncDispose]();
  await file[Symbol.asyncDispose]();
  expect(await readFile(part, "utf8")).toBe("one two three");
  // Whatever the system refuses, a full disk as well as a file that is closed, is an error of this result.
  await expect(file.write(new Uint8Array(1))).rejects.toMatchObject({
    code: "FILE",
    message: expect.stringMatching(/^a\.bkmotion: could not be written \(.+\)\.$/),
  });
  await rm(folder, { recursive: true });
  await expect(openPartFile({ path: "b.bkmotion", part })).rejects.toMatchObject({ code: "FILE" });
});
