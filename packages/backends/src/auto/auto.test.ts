import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as forNode from "./auto.node.ts";
import * as forBrowsers from "./auto.ts";

const namesOf = ({ candidates }: typeof forNode) => candidates.map(({ name }) => name);

test("both files have the same exports, and Node tries native runtimes, too", () => {
  expect(Object.keys(forNode)).toEqual(Object.keys(forBrowsers));
  expect(namesOf(forBrowsers)).toEqual(["webgpu", "ort-web", "reference"]);
  expect(namesOf(forNode)).toEqual(["ort-node-cuda", "webgpu", "ort-node", "ort-web", "reference"]);
});

test("the package's name for it leads Node to Node's", async () => {
  const { candidates } = await import("@bunraku/backends/auto");
  expect(candidates).toBe(forNode.candidates);
});

test("in Node the processor is taken where it is asked for, and its report says so", async () => {
  await using backend = await forNode.auto({ prefer: ["ort-node"], ortNode: { threads: 1 } });
  expect(backend.report).toMatchObject({ providers: ["cpu"], threads: 1 });
  const [first, ...others] = backend.report!.candidates!;
  expect(first).toMatchObject({ name: "ort-node", chosen: true });
  expect(others.every(({ chosen, reason }) => !chosen && reason === "It was not tried: ort-node works.")).toBe(true);
});

test("the reference is taken with its operators, and passed over without", async () => {
  const reference = forNode.referenceCandidate;
  await expect(forNode.auto({ candidates: [reference] })).rejects.toThrow(
    "auto: no backend works here. reference: It is asked for by its operators: operators: [gridSampleOperator].",
  );
  // Without GridSample, it is asked for and does not give all answers.
  await expect(forNode.auto({ candidates: [reference], operators: [] })).rejects.toThrow(
    /reference: The check "grid sample, align_corners 1" failed: .*GridSample/,
  );
});

test.each(["auto.ts", "auto.node.ts"])("what a bundler for browsers makes of %s", async (name) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    bundle: true,
    splitting: true,
    write: false,
    outdir: "out",
    format: "esm",
    platform: "browser",
    conditions: ["@bunraku/source"],
    external: ["onnxruntime-web/*", "node:*"],
    logLevel: "silent",
  });
  const mentions = (word: string) => outputFiles.some(({ text }) => text.includes(word));
  expect(mentions("onnxruntime-web")).toBe(true);
  expect([mentions("onnxruntime-node"), mentions("node:fs")]).toEqual(
    name === "auto.ts" ? [false, false] : [true, true],
  );
});
