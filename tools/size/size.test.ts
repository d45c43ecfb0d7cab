import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { runtimeFiles } from "./runtime-files.mjs";
import { kilobytes, table } from "./table.mjs";
import { weigh } from "./weigh.mjs";

const module = (text: string) => JSON.stringify(`data:text/javascript,${encodeURIComponent(text)}`);
const words = (length: number) => `export default "${Array.from({ length }, (_, i) => i * 7919).join(" ")}";`;

test("what is imported counts, and what import() may load later counts apart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "size-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const other = join(folder, "other.js");
  writeFileSync(other, words(1000));
  const before = await weigh({ code: `import all from ${JSON.stringify(other)}; export { all };` });
  expect(before.own.min).toBeGreaterThan(6000);
  expect(before.own.gzip).toBeLessThan(before.own.min);
  expect(before.lazy.min).toBe(0);
  const later = await weigh({ code: `export const load = () => import(${JSON.stringify(other)});` });
  expect(later.own.min).toBeLessThan(200);
  expect(later.lazy.min).toBeGreaterThan(6000);
});

test("what import() always loads counts in all, with what it imports, and must be there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "size-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  writeFileSync(path("part.js"), words(100));
  writeFileSync(path("fetched.js"), `import part from "./part.js"; export const all = [part];`);
  writeFileSync(path("seldom.js"), words(1000));
  const names = ["fetched.js", "seldom.js"].map((name) => JSON.stringify(path(name)));
  const code = names.map((name, i) => `export const load${i} = () => import(${name});`).join("\n");
  const { own, lazy, fetched } = await weigh({ code, always: ["fetched.js"] });
  expect(fetched.min).toBeGreaterThan(own.min + 500);
  expect(fetched.min).toBeLessThan(own.min + 1000);
  expect(lazy.min).toBeGreaterThan(7000);
  await expect(weigh({ code, always: ["gone.js"] })).rejects.toThrow("nothing imports gone.js by import()");
});

test("runtimes stay outside and are named, wherever they are imported", async () => {
  const code = `import "onnxruntime-web/wasm"; export const load = () => import("onnxruntime-web/webgpu");`;
  const { own, runtimes } = await weigh({ code });
  expect(runtimes).toEqual(["onnxruntime-web/wasm", "onnxruntime-web/webgpu"]);
  expect(own.min).toBeLessThan(200);
});

test("the largest modules come first", async () => {
  const code = `export { default as a } from ${module(words(10))}; export { default as b } from ${module(words(1000))};`;
  const { modules } = await weigh({ code });
  expect(modules[0]![1]).toBeGreaterThan(6000);
  expect(modules.map(([, bytes]) => bytes)).toEqual(modules.map(([, bytes]) => bytes).sort((a, b) => b - a));
});

test("a runtime's files are its script and the WebAssembly that the script names", async () => {
  const { version, files } = await runtimeFiles("onnxruntime-web/wasm");
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(files.map(({ name }) => name)).toEqual(["ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"]);
  for (const { raw, gzip } of files) expect(gzip).toBeLessThan(raw);
});

test("a KB is 1000 bytes", () => {
  expect(kilobytes(1500)).toBe("1.50 KB");
  expect(kilobytes(9994)).toBe("9.99 KB");
  expect(kilobytes(25_000)).toBe("25.0 KB");
});

test("sizes stand to the right, words to the left", () => {
  const text = table([
    ["import", "min", "runtime"],
    ["a", "1.00 KB", "wasm"],
    ["b", "10.0 KB", ""],
  ]);
  expect(text.split("\n")).toEqual([
    "| import |     min | runtime |",
    "| ------ | ------: | ------- |",
    "| a      | 1.00 KB | wasm    |",
    "| b      | 10.0 KB |         |",
  ]);
});

test("a row that does not exist is refused, with those that do", () => {
  const script = fileURLToPath(new URL("./size.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "--why", "everything"], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain('there is no row "everything"');
  expect(stderr).toContain("@bunraku/backends/reference");
});
