import { expect, test } from "vitest";
import { stingyFile } from "../../testing/stingy-file.ts";
import { writeAll } from "./write-all.ts";

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);

test("bytes that are written a few at a time all come to their place", async () => {
  const file = stingyFile({ atOnce: 300 });
  await writeAll(file, bytes, 50);
  expect(file.calls).toBe(4);
  expect(file.bytes.subarray(50)).toEqual(bytes);
});

test("a short write before the disk is full is an error, not a success", async () => {
  const file = stingyFile({ atOnce: 10_000, room: 700 });
  await expect(writeAll(file, bytes, 0)).rejects.toMatchObject({ code: "ENOSPC" });
  expect(file.bytes).toEqual(bytes.subarray(0, 700));
});

test("a file that takes nothing and says nothing is full, too", async () => {
  const mute = { write: async () => ({ bytesWritten: 0, buffer: bytes }) };
  await expect(writeAll(mute as never, bytes, 0)).rejects.toMatchObject({ code: "ENOSPC" });
});
