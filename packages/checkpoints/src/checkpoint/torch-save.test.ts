import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openFile } from "../source/open-file.ts";
import { loadWeights } from "../tensors/load-weights.ts";
import { readCheckpoint } from "./read-checkpoint.ts";

// Files that a real torch.save wrote: fixtures/torch-save/README.md.
const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/torch-save/${name}`, import.meta.url));
type Numbers = Record<string, Record<string, { dims: number[]; dtype: string; data: number[] }>>;
const expected = JSON.parse(readFileSync(fixture("expected.json"), "utf8")) as Numbers;

test.each([
  ["zip.pth.tar", "zip"],
  ["legacy.pth.tar", "legacy"],
] as const)("%s holds what PyTorch saved, views and types included", async (name, container) => {
  await using file = await openFile(fixture(name));
  const checkpoint = await readCheckpoint(file);
  expect(checkpoint.container).toBe(container);
  expect(checkpoint.scalars.get("epoch")).toBe(12);
  expect([...checkpoint.modules.keys()]).toEqual(["generator", "kp_detector", "odd"]);
  for (const [module, tensors] of Object.entries(expected)) {
    const entries = checkpoint.modules.get(module)!;
    expect(entries.map((entry) => entry.name)).toEqual(Object.keys(tensors));
    for (const entry of entries) {
      const { dims, dtype, data } = tensors[entry.name]!;
      expect([entry.name, entry.dtype]).toEqual([entry.name, dtype]);
      const tensor = await entry.load();
      expect([...tensor.dims]).toEqual(dims);
      expect([...tensor.data]).toEqual(data.map(Math.fround));
    }
  }
});

test("integers are no weights", async () => {
  await using file = await openFile(fixture("zip.pth.tar"));
  const weights = await loadWeights((await readCheckpoint(file)).modules.get("odd")!);
  expect([...weights.keys()]).toEqual(Object.keys(expected.odd!).filter((name) => name !== "steps"));
});

test("a data-parallel state dictionary, saved alone, loses its prefix", async () => {
  await using file = await openFile(fixture("bare-parallel.pth"));
  const { modules } = await readCheckpoint(file);
  expect([...modules.keys()]).toEqual([""]);
  expect(modules.get("")!.map((entry) => entry.name)).toEqual(Object.keys(expected.generator!));
});
