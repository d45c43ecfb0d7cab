import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { testBackend } from "../testing/index.ts";
import { importRuntime } from "./import-runtime.ts";
import { ortWeb } from "./index.ts";

test("in Node it runs on the caller's thread, and its report says on what", async () => {
  await using backend = await ortWeb({ threads: 1 });
  const { version } = JSON.parse(await readFile(manifest(), "utf8"));
  expect(backend.report).toEqual({
    runtime: `onnxruntime-web ${version}`,
    providers: ["wasm"],
    threads: 1,
    precision: "float32",
    checks: [],
  });
  expect(backend.warnings).toEqual([]);
});

test.each([
  [{ threads: 0 }, "threads must be a whole number of at least 1, got 0."],
  [{ threads: 1.5 }, "got 1.5."],
  [{ thread: "worker" }, 'use thread: "main", or ortNode()'],
  [{ wasm: "file:///a.wasm", wasmBinary: new Uint8Array(8) }, "exclude each other"],
  [{ wasm: "a.wasm" }, 'wasm must be a URL, got "a.wasm".'],
] as const)("%j is refused", async (options, message) => {
  await expect(ortWeb(options)).rejects.toMatchObject({ code: "OPTION", message: expect.stringContaining(message) });
});

test("a runtime that is not installed says what to install", async () => {
  const missing = "onnxruntime-web-of-nobody/wasm";
  await expect(importRuntime(() => import(/* @vite-ignore */ missing))).rejects.toMatchObject({
    code: "BACKEND_MISSING",
    message: "ort-web: cannot import onnxruntime-web. Install it: npm install onnxruntime-web",
  });
});

testBackend("ort-web in Node, 1 thread", () => ortWeb({ threads: 1 }));

function manifest(): string {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-web");
  return entry.replace(/dist[\\/][^\\/]+$/, "package.json");
}
