import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { openFile } from "./open-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-checkpoints-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

test("a file is read in parts", async () => {
  await using file = await openFile(await fileOf("ten", "0123456789"));
  expect([file.name, file.size]).toEqual(["ten", 10]);
  expect(new TextDecoder().decode(await file.read(3, 4))).toBe("3456");
});

test("reading past the end gives less, and takes no more memory than that", async () => {
  await using file = await openFile(await fileOf("ten", "0123456789"));
  expect(await file.read(8, 2 ** 40)).toHaveLength(2);
});

test("reading after disposal throws DISPOSED", async () => {
  const file = await openFile(await fileOf("ten", "0123456789"));
  await file[Symbol.asyncDispose]();
  await file[Symbol.asyncDispose](); // idempotent
  expect(await refusal(() => file.read(0, 1))).toContain("DISPOSED");
});

test("a missing file is named", async () => {
  const path = join(folder, "none");
  expect(await refusal(() => openFile(path))).toBe(`FILE ${path}: there is no such file. Check the path.`);
});

test("a folder is no file", async () => {
  expect(await refusal(() => openFile(folder))).toBe(
    `FILE ${folder}: wanted a file, got a folder. Give the path of the file in it.`,
  );
});

test("an empty file is refused", async () => {
  const path = await fileOf("empty", "");
  expect(await refusal(() => openFile(path))).toBe(
    `FILE ${path}: the file is empty (0 bytes). Its download may have failed; get it again.`,
  );
});
