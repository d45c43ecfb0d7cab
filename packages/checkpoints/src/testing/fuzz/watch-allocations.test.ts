import { expect, test } from "vitest";
import { TooMuchMemory, watchAllocations } from "./watch-allocations.ts";

test("what typed arrays are made with is added up, views are not", async () => {
  const { result, bytes } = await watchAllocations(1000, async () => {
    const floats = new Float32Array(100);
    const view = new Uint8Array(floats.buffer, 4, 8);
    return [floats instanceof Float32Array, view.length, new Float64Array([1, 2]).length];
  });
  expect(result).toEqual([true, 8, 2]);
  expect(bytes).toBe(400 + 16);
});

test("more than is allowed is never made, even when somebody catches the error", async () => {
  await expect(watchAllocations(1000, async () => new ArrayBuffer(2 ** 52))).rejects.toThrow(TooMuchMemory);
  const caught = watchAllocations(1000, async () => {
    try {
      return new Float32Array(2 ** 50);
    } catch {
      return undefined;
    }
  });
  await expect(caught).rejects.toThrow(TooMuchMemory);
  expect(new Float32Array(1000)).toHaveLength(1000);
});
