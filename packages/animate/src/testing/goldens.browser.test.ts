import type { Backend } from "@bunraku/backends";
import { ortWeb } from "@bunraku/backends/ort-web";
import { expect, test } from "vitest";
import { webgpu } from "../webgpu/index.ts";
import { cpuTolerances, gpuTolerances, runGolden, type Tolerances } from "./golden.ts";
import type { GoldenFile } from "./golden-file.ts";

// The server's root is the repository's.
const goldens = ["fomm_tiny", "monkey_tiny"];

/** Covariances of elongated keypoints lose digits by the order of sums, which threads change. */
const threadTolerances = { ...cpuTolerances, covariances: gpuTolerances.covariances };

const backends: Record<string, { create: () => Promise<Backend>; tolerances: Tolerances }> = {
  "ort-web, 1 thread": { create: () => ortWeb({ threads: 1 }), tolerances: cpuTolerances },
  "ort-web, 2 threads": { create: () => ortWeb({ threads: 2 }), tolerances: threadTolerances },
  webgpu: { create: () => webgpu({ software: true, prove: false }), tolerances: gpuTolerances },
};

for (const [name, { create, tolerances }] of Object.entries(backends)) {
  test.each(goldens)(`%s agrees with PyTorch on ${name}`, { timeout: 600_000 }, async (fixture) => {
    const golden = (await (await fetch(`/fixtures/golden/${fixture}.json`)).json()) as GoldenFile;
    await using backend = await create();
    const worst: Record<string, number> = {};
    let rows = 0;
    for await (const { field, maxAbsError, pass, ...row } of runGolden(backend, golden, tolerances)) {
      expect(pass, JSON.stringify({ field, maxAbsError, ...row })).toBe(true);
      worst[field] = Math.max(worst[field] ?? 0, maxAbsError);
      rows++;
    }
    expect(rows).toBeGreaterThan(20);
    console.log(JSON.stringify({ backend: name, fixture, worst }));
  });
}
