import { readdirSync, readFileSync } from "node:fs";
import { ortNode } from "@bunraku/backends/ort-node";
import { expect, test } from "vitest";
import { type GoldenRow, runGolden } from "./golden.ts";
import type { GoldenFile } from "./golden-file.ts";

const folder = new URL("../../../../fixtures/golden/", import.meta.url);
const tiny = readdirSync(folder).filter((name) => /^(fomm|monkey)_tiny/.test(name));

test.each(tiny)("%s agrees with PyTorch in all its modes on ort-node", async (name) => {
  const golden = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as GoldenFile;
  await using backend = await ortNode({ threads: 1 });
  const rows: GoldenRow[] = [];
  for await (const row of runGolden(backend, golden)) rows.push(row);
  const modes = Object.keys(golden).filter((key) => /_ac[01]$/.test(key));
  expect(modes.length).toBeGreaterThanOrEqual(6);
  expect(new Set(rows.map((row) => row.mode))).toEqual(new Set(modes));
  expect(rows.filter((row) => !row.pass)).toEqual([]);
});
