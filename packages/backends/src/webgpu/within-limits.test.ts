import { expect, test } from "vitest";
import type { KernelPlan, KernelSite } from "./kernel.ts";
import { withinLimits } from "./within-limits.ts";

const siteOf = (...dims: number[]): KernelSite => ({
  inputs: [{ dims }, undefined],
  outputs: [{ dims: [1] }],
  attributes: {},
});
const planOf = (workgroups: [number, number, number], scratch: number[] = []): KernelPlan => ({
  passes: [{ wgsl: "", bindings: [], workgroups }],
  scratch,
});

test("65535 workgroups per dimension and bindings of 128 MiB are within the limits, one more is not", () => {
  const plan = planOf([65_535, 65_535, 65_535], [2 ** 25]);
  expect(withinLimits(siteOf(2 ** 10, 2 ** 15), plan)).toBe(plan);
  for (const workgroups of [
    [65_536, 1, 1],
    [1, 65_536, 1],
    [1, 1, 65_536],
  ] as const)
    expect(withinLimits(siteOf(1), planOf([...workgroups]))).toBeUndefined();
  expect(withinLimits(siteOf(2 ** 25 + 1), planOf([1, 1, 1]))).toBeUndefined();
  expect(withinLimits(siteOf(1), planOf([1, 1, 1], [2 ** 25 + 1]))).toBeUndefined();
});

test("empty values cannot be bound", () => {
  expect(withinLimits(siteOf(3, 0), planOf([1, 1, 1]))).toBeUndefined();
});
