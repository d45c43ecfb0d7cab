import type { Backend, BackendReport, Progress } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { withReport } from "@bunraku/backends/proof";
import { mockBackend } from "@bunraku/backends/testing";
import { faultyBackend } from "@bunraku/backends/testing/faulty";
import { expect, test } from "vitest";
import { loadModel } from "./load-model.ts";
import { tinyBundle } from "./testing/tiny-model.ts";

const report = (): BackendReport => ({ runtime: "test 1", providers: ["cpu"], precision: "float32", checks: [] });
const reported = async () => withReport(await ortNode({ threads: 1 }), report());
const mirrored = { op: "GridSample", input: { index: 1, factors: [-1, 1] } };

/** Counts the graphs that are loaded. */
function counted(inner: Backend): Backend & { readonly loads: number } {
  let loads = 0;
  return {
    ...inner,
    get loads() {
      return loads;
    },
    load(model, options) {
      loads++;
      return inner.load(model, options);
    },
  };
}

test("the first model makes its backend prove itself, and later ones find it proved", async () => {
  await using backend = counted(await reported());
  await using _ = await loadModel(backend, tinyBundle());
  expect(backend.report!.checks.map(({ name, pass }) => [name, pass])).toEqual([
    ["fomm detector", true],
    ["fomm source", true],
    ["fomm frame", true],
  ]);
  expect(backend.loads).toBe(6);
  await using __ = await loadModel(backend, tinyBundle());
  expect([backend.loads, backend.report!.checks.length]).toEqual([9, 3]);
});

test("models that are loaded at the same time share one proof", async () => {
  await using backend = counted(await reported());
  const models = await Promise.all([loadModel(backend, tinyBundle()), loadModel(backend, tinyBundle())]);
  expect([backend.loads, backend.report!.checks.length]).toEqual([9, 3]);
  for (const model of models) await model[Symbol.asyncDispose]();
});

test("a backend with wrong numbers is refused: the check, the figures, the way out; and each time", async () => {
  await using backend = counted(faultyBackend(await reported(), mirrored));
  for (let round = 0; round < 2; round++) {
    const error = await loadModel(backend, tinyBundle()).catch((error: Error) => error);
    expect(error).toMatchObject({ code: "BACKEND_UNAVAILABLE" });
    expect((error as Error).message).toMatch(
      /^ort-node: it does not compute what models need; the check "fomm frame" failed: differs in .*prediction by 0\.\d+ \(allowed: 0\.0005\)\. Use another backend; bunraku doctor says which ones work here\.$/,
    );
  }
  expect(backend.report!.checks.map(({ pass }) => pass)).toEqual([true, true, false]);
  expect(backend.loads).toBe(3);
});

test("whoever turns it off gets the model, whatever it computes", async () => {
  await using backend = counted(faultyBackend(await reported(), mirrored));
  await using model = await loadModel(backend, tinyBundle(), { prove: false });
  expect(model.family).toBe("fomm");
  expect([backend.loads, backend.report!.checks.length]).toEqual([3, 0]);
});

test("a backend without a report is not asked to prove anything", async () => {
  const backend = counted(mockBackend());
  await using _ = await loadModel(backend, tinyBundle());
  expect(backend.loads).toBe(3);
});

test("progress tells of the proof as warming up", async () => {
  await using backend = await reported();
  const seen: Progress[] = [];
  await using _ = await loadModel(backend, tinyBundle(), { onProgress: (progress) => seen.push(progress) });
  const warmUp = seen.filter(({ phase }) => phase === "warm-up");
  expect(warmUp.map(({ loaded, total }) => [loaded, total])).toEqual([[1, 3], [2, 3], [3, 3]]); // biome-ignore format: a line
});

test("an abort during the proof ends loading at once, and another caller's load goes on", async () => {
  await using backend = await reported();
  const controller = new AbortController();
  const other = loadModel(backend, tinyBundle());
  const aborted = loadModel(backend, tinyBundle(), {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error("enough")),
  });
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  await using model = await other;
  expect(model.family).toBe("fomm");
  expect(backend.report!.checks.every(({ pass }) => pass)).toBe(true);
});
