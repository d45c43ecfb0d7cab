import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { twoByTwoModel } from "../testing/known-graphs.ts";
import { testBackend } from "../testing/test-backend.ts";
import { type WebGpuBackend, webgpu } from "./webgpu.ts";

const create = () => webgpu({ software: true, prove: false });
const pair = (a: number, b: number) => tensor("float32", Float32Array.of(a, b), [2]);

testBackend("webgpu in a browser", create, {
  steps: 32,
  live: (backend) => (backend as WebGpuBackend).memory.buffers,
});

test("a software adapter is refused unless it is allowed", async () => {
  await expect(webgpu()).rejects.toMatchObject({
    code: "BACKEND_UNAVAILABLE",
    message: expect.stringContaining("software: true"),
  });
});

test("all operators are proved on load", { timeout: 600_000 }, async () => {
  const steps: number[] = [];
  await using backend = await webgpu({
    software: true,
    onProgress: ({ phase, loaded }) => phase === "warm-up" && steps.push(loaded),
  });
  expect(backend.report.checks.length).toBeGreaterThan(20);
  expect(backend.report.checks.filter(({ pass, replacedBy }) => !pass && !replacedBy)).toEqual([]);
  expect(steps.length).toBe(backend.report.checks.length);
});

test("a killed device is replaced, and runs go on", async () => {
  await using backend = await create();
  await using session = await backend.load(twoByTwoModel());
  for (let loss = 1; loss <= 3; loss++) {
    backend.gpu.destroy();
    const { sum } = await session.run({ a: pair(1, 2), b: pair(3, 4) });
    expect([...(sum!.data as Float32Array)]).toEqual([4, 6]);
    expect(backend.memory.losses).toBe(loss);
  }
});

test("2,000 frames leave nothing behind: neither buffers nor heap", { timeout: 600_000 }, async () => {
  await using backend = await create();
  await using session = await backend.load(twoByTwoModel());
  const frames = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const { sum, product } = await session.run({ a: pair(i, 2), b: pair(3, 4) }, { keep: ["sum"] });
      expect((product!.data as Float32Array)[0]).toBe(3 * i);
      sum![Symbol.dispose]();
    }
  };
  const heap = () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
  await frames(200);
  const before = { ...backend.memory, heap: heap() };
  await frames(2000);
  expect(backend.memory).toEqual({ buffers: before.buffers, bytes: before.bytes, losses: 0 });
  expect(heap() - before.heap).toBeLessThan(20e6);
});
