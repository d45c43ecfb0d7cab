import { expect, test } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { tensor } from "../contract/tensor.ts";
import { testBackend } from "../testing/index.ts";
import { twoByTwoModel } from "../testing/known-graphs.ts";
import { ortWeb } from "./index.ts";
import { countThreads } from "./testing/count-threads.ts";

const ortDist = "/packages/backends/node_modules/onnxruntime-web/dist/";
const unavailable = (message: RegExp) => ({ code: "BACKEND_UNAVAILABLE", message: expect.stringMatching(message) });

async function expectWorks(backend: Backend): Promise<void> {
  await using session = await backend.load(twoByTwoModel());
  const two = (a: number, b: number) => tensor("float32", Float32Array.of(a, b), [2]);
  const { sum } = await session.run({ a: two(1, 2), b: two(3, 4) });
  expect([...(sum!.data as Float32Array)]).toEqual([4, 6]);
}

test("pages of these tests are cross-origin isolated", () => {
  expect(globalThis.crossOriginIsolated).toBe(true);
});

test.each([1, 2, 3])("the report says %d threads, and so many run", async (threads) => {
  const worker = () => new Worker(new URL("./testing/announcing-worker.ts", import.meta.url), { type: "module" });
  const made = await countThreads(async () => {
    await using backend = await ortWeb({ threads, worker });
    expect(backend.report).toMatchObject({ providers: ["wasm"], threads, precision: "float32" });
    expect(backend.report!.runtime).toMatch(/^onnxruntime-web \d/);
    expect(backend.warnings).toEqual([]);
    await expectWorks(backend);
  });
  expect(made).toBe(threads - 1); // the worker is one itself
});

test("threads are half the cores, at most 4, when nothing is said", async () => {
  await using backend = await ortWeb();
  expect(backend.report!.threads).toBe(Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2)));
});

test("the .wasm can be served from elsewhere, seen from the page", async () => {
  await using backend = await ortWeb({ threads: 1, wasm: `${ortDist}ort-wasm-simd-threaded.wasm` });
  await expectWorks(backend);
});

test("the .wasm can be handed in as bytes, which stay the caller's", async () => {
  const wasmBinary = await (await fetch(`${ortDist}ort-wasm-simd-threaded.wasm`)).arrayBuffer();
  await using backend = await ortWeb({ threads: 2, wasmBinary });
  await expectWorks(backend);
  expect(wasmBinary.byteLength).toBeGreaterThan(1e6);
});

test("a .wasm that is not there is named, with its status", async () => {
  await expect(ortWeb({ threads: 1, wasm: "/@fs/no-such.wasm" })).rejects.toMatchObject(
    unavailable(
      /^ort-web: http:\/\/127\.0\.0\.1:\d+\/@fs\/no-such\.wasm answers 40\d; it must be ort-wasm-simd-threaded\.wasm/,
    ),
  );
});

test("a page in the place of the .wasm is named", async () => {
  const page = URL.createObjectURL(new Blob(["<!doctype html>"], { type: "text/html" }));
  await expect(ortWeb({ threads: 1, wasm: page })).rejects.toMatchObject(
    unavailable(/^ort-web: blob:\S+ is text\/html, not WebAssembly;/),
  );
});

test("a worker script that is not there gives one error, and the next backend works", async () => {
  const heard: unknown[] = [];
  const listen = (event: Event) => heard.push(event);
  addEventListener("error", listen);
  addEventListener("unhandledrejection", listen);
  const worker = () => new Worker("/@fs/no-such-worker.js", { type: "module" });
  await expect(ortWeb({ worker })).rejects.toMatchObject(
    unavailable(/the script of its worker cannot be loaded\. Bundle "@bunraku/),
  );
  await using backend = await ortWeb({ threads: 1 });
  await expectWorks(backend);
  expect(heard).toEqual([]);
});

test("a worker that fails says why", async () => {
  const script = URL.createObjectURL(new Blob(["throw new Error('no luck')"], { type: "text/javascript" }));
  const worker = () => new Worker(script, { type: "module" });
  await expect(ortWeb({ worker })).rejects.toMatchObject(unavailable(/its worker failed: .*no luck/));
});

test("a worker that may not be made says why", async () => {
  const worker = () => new Worker("https://elsewhere.invalid/worker.js", { type: "module" });
  await expect(ortWeb({ worker })).rejects.toMatchObject(unavailable(/^ort-web: its worker cannot be made: /));
});

testBackend("ort-web in a worker, 1 thread", () => ortWeb({ threads: 1 }), { responsive: true });
testBackend("ort-web in a worker, 2 threads", () => ortWeb({ threads: 2 }), { responsive: true });
