import { expect, test } from "vitest";
import { testDevice } from "../testing/test-device.ts";
import type { GpuKernel } from "./kernel.ts";
import { runKernel } from "./run-kernel.ts";

const device = await testDevice();

/** Doubles in a first pass, into scratch memory, and adds the second input in another. */
const doubleAndAdd: GpuKernel = {
  op: "double-and-add",
  plan({ inputs }) {
    const [a, b] = inputs;
    if (a?.dims.join() !== b?.dims.join()) return undefined;
    const count = a!.dims.reduce((product, dim) => product * dim, 1);
    const pass = (sum: string) => /* wgsl */ `
      @group(0) @binding(0) var<storage, read> a: array<f32>;
      @group(0) @binding(1) var<storage, ${sum === "2.0 * a[i]" ? "read_write" : "read"}> b: array<f32>;
      ${sum === "2.0 * a[i]" ? "" : "@group(0) @binding(2) var<storage, read_write> c: array<f32>;"}
      @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
        let i = id.x;
        if (i >= ${count}u) { return; }
        ${sum === "2.0 * a[i]" ? "b[i] = 2.0 * a[i];" : "c[i] = a[i] + b[i];"}
      }`;
    const workgroups = [Math.ceil(count / 64), 1, 1] as const;
    return {
      scratch: [count],
      passes: [
        { wgsl: pass("2.0 * a[i]"), bindings: [{ input: 0 }, { scratch: 0 }], workgroups },
        { wgsl: pass("sum"), bindings: [{ input: 1 }, { scratch: 0 }, { output: 0 }], workgroups },
      ],
    };
  },
  cases: () => [],
};
const value = (...numbers: number[]) => ({ dims: [numbers.length], data: Float32Array.from(numbers) });

test.skipIf(!device)("a kernel runs its passes in order, through scratch memory", async () => {
  const [sum] = await runKernel(device!, doubleAndAdd, [value(1, 2, 3), value(10, 20, 30)], [[3]]);
  expect([...sum!]).toEqual([12, 24, 36]);
});

test.skipIf(!device)("a case that a kernel does not do is named", async () => {
  await expect(runKernel(device!, doubleAndAdd, [value(1), value(1, 2)], [[1]])).rejects.toThrow(
    "kernel double-and-add: it does not do this case; inputs were [1], [2].",
  );
});

test.skipIf(!device)("what the shader compiler says is told", async () => {
  const broken: GpuKernel = {
    op: "broken",
    plan: () => ({ passes: [{ wgsl: "fn main() { nonsense }", bindings: [], workgroups: [1, 1, 1] }] }),
    cases: () => [],
  };
  await expect(runKernel(device!, broken, [], [[1]])).rejects.toThrow(
    /^kernel: its shader is refused: .* in: fn main\(\) \{ nonsense \}$/,
  );
});
