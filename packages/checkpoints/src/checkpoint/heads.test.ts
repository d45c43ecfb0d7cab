import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openFile } from "../source/open-file.ts";
import { loadWeights } from "../tensors/load-weights.ts";
import { readCheckpoint } from "./read-checkpoint.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/heads-v0/${name}`, import.meta.url));
const zip = fixture("heads-v0.pth.tar");
const legacy = fixture("heads-v0.legacy.pth.tar");

// Saved by PyTorch: 20 MB each, so not in every copy of the repository.
test.skipIf(!existsSync(zip) || !existsSync(legacy))("a trained model is the same in both containers", async () => {
  await using zipFile = await openFile(zip);
  await using legacyFile = await openFile(legacy);
  const [fromZip, fromLegacy] = [await readCheckpoint(zipFile), await readCheckpoint(legacyFile)];
  expect([fromZip.container, fromLegacy.container]).toEqual(["zip", "legacy"]);
  expect([...fromZip.modules].map(([name, entries]) => [name, entries.length])).toEqual([
    ["generator", 140],
    ["kp_detector", 61],
  ]);
  for (const [name, entries] of fromZip.modules) {
    const [left, right] = [await loadWeights(entries), await loadWeights(fromLegacy.modules.get(name)!)];
    expect([...left.keys()]).toEqual([...right.keys()]);
    for (const [key, { dims, data }] of left) {
      expect(right.get(key)!.dims).toEqual(dims);
      expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(right.get(key)!.data.buffer))).toBe(0);
    }
  }
});
