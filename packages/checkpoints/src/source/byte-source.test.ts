import { expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { blobSource, bytesSource } from "./byte-source.ts";
import { readExactly } from "./read-exactly.ts";

const five = Uint8Array.of(10, 11, 12, 13, 14);

test.each([
  { kind: "bytes", source: bytesSource(five, "five") },
  { kind: "a Node Buffer", source: bytesSource(Buffer.from(five), "five") },
  { kind: "a blob", source: blobSource(new Blob([five]), "five") },
])("what is read from $kind is a copy", async ({ source }) => {
  const part = await source.read(1, 3);
  expect([...part]).toEqual([11, 12, 13]);
  part.fill(0);
  expect([...(await source.read(0, 5))]).toEqual([10, 11, 12, 13, 14]);
});

test("a range outside the file is refused before it is read", async () => {
  expect(await refusal(() => readExactly(bytesSource(five, "five"), 3, 2 ** 50, "a thing"))).toContain(
    "MODEL five: a thing needs bytes 3 to 1125899906842627, and the file ends at byte 5.",
  );
});

test("a source that gives less than it promised is an error", async () => {
  const short = { name: "short", size: 9, read: async () => five };
  expect(await refusal(() => readExactly(short, 0, 9, "a thing"))).toContain(
    "FILE short: asked for 9 bytes at byte 0, got 5.",
  );
});

test("the failure of a source is the cause of a FILE error", async () => {
  const failing = { name: "gone", size: 9, read: () => Promise.reject(new Error("unplugged")) };
  expect(await refusal(() => readExactly(failing, 0, 9, "a thing"))).toBe(
    "FILE gone: reading 9 bytes at byte 0 failed.",
  );
});
