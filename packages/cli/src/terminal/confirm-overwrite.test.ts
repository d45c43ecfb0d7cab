import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mayOverwrite } from "./confirm-overwrite.ts";
import type { Io } from "./io.ts";
import { reportError } from "./report-error.ts";

const existing = join(tmpdir(), `bunraku-confirm-${process.pid}.gif`);
beforeAll(() => writeFile(existing, ""));
afterAll(() => rm(existing));

/** Presses keys as soon as a question is asked, and says what came of it. */
async function answer(keys: string, signal = new AbortController().signal) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  let shown = "";
  stderr.on("data", (chunk) => {
    shown += chunk;
    if (String(chunk).includes("[y/N]")) setImmediate(() => stdin.write(keys));
  });
  const io: Io = { stdout: stderr, stderr, stdin, signal };
  const overwrite = await mayOverwrite(io, {}, existing).catch((error: unknown) => reportError(io, {}, error));
  await new Promise((resolve) => setImmediate(resolve));
  return { overwrite, shown };
}

test.each(["y\r", "Yes\r", " y \r"])("%j overwrites", async (keys) => {
  expect((await answer(keys)).overwrite).toBe(true);
});

test.each(["n\r", "\r", "yesterday\r", "\u0004"])("%j does not, and says how to", async (keys) => {
  const { overwrite, shown } = await answer(keys);
  expect(overwrite).toBe(2);
  expect(shown).toMatch(/\nerror: \S+ exists\. Pass -y to overwrite it, or choose another name with -o\.\n$/);
});

test("Ctrl-C at the question is an interruption, like anywhere else", async () => {
  const { overwrite, shown } = await answer("\u0003");
  expect(overwrite).toBe(130);
  expect(shown).toMatch(/\nInterrupted; nothing half-written was left\.\n$/);
});

test("a signal from elsewhere ends the question, too", async () => {
  const interruption = new AbortController();
  setTimeout(() => interruption.abort(new Error("Interrupted.")), 50);
  expect((await answer("", interruption.signal)).overwrite).toBe(130);
});
