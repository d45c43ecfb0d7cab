import { describe, expect, test } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { tensor } from "../contract/tensor.ts";
import type { Device } from "../webgpu/gpu-types.ts";
import type { GpuKernel, KernelCase } from "../webgpu/kernel.ts";
import { compareTensors } from "./compare-tensors.ts";
import { runKernelCase } from "./run-kernel-case.ts";

export interface TestKernelOptions {
  /** Where the kernel itself runs; without one those tests are skipped. */
  readonly device: Device | undefined;
  /** Whose own operators must give the stored answers, too. */
  readonly backends: readonly (readonly [name: string, open: () => Promise<Backend>])[];
}

/**
 * Registers, with vitest, that the cases of a kernel are small and that their stored answers are what the kernel gives
 * and what the operators give that it stands in for.
 */
export function testKernel(kernel: GpuKernel, { device, backends }: TestKernelOptions): void {
  const cases = kernel.cases().map((value) => [value.name, value] as const);
  describe(`cases of ${kernel.op}`, () => {
    test("there are some, and a proof on load can afford them", () => {
      expect(cases.length).toBeGreaterThan(0);
      for (const [name, { feeds, answers }] of cases)
        for (const { data } of Object.values({ ...feeds, ...answers })) expect(data.length, name).toBeLessThan(100);
    });

    test.skipIf(!device).each(cases)("%s: the kernel gives the stored answers", async (_, value) => {
      expectAnswers(value, await runKernelCase(device!, kernel, value));
    });

    for (const [backendName, open] of backends) {
      test.each(cases)(`%s: ${backendName} gives the stored answers`, async (_, value) => {
        await using backend = await open();
        await using session = await backend.load(value.model);
        const feeds = Object.entries(value.feeds).map(([name, { dims, data }]) => [
          name,
          tensor("float32", data, dims),
        ]);
        expectAnswers(value, (await session.run(Object.fromEntries(feeds))) as Record<string, Answer>);
      });
    }
  });
}

type Answer = KernelCase["answers"][string];

function expectAnswers({ answers, tolerance = 1e-5 }: KernelCase, got: Readonly<Record<string, Answer>>): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(answers).sort());
  for (const [name, { dims, data }] of Object.entries(answers)) {
    const found = tensor("float32", got[name]!.data, got[name]!.dims);
    const { maxAbsError, worst } = compareTensors(found, tensor("float32", data, dims));
    expect(maxAbsError, `${name}, at ${worst}`).toBeLessThanOrEqual(tolerance);
  }
}
