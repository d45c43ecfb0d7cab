import { tensor } from "@bunraku/backends";
import { compareTensors } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { type GpuKernel, runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { coordinatesWgsl } from "./coordinates.wgsl.ts";
import { identityGrid } from "./identity-grid.ts";

const device = await testDevice();

const gridKernel = (height: number, width: number): GpuKernel => ({
  op: "grid",
  plan: () => ({
    passes: [
      {
        wgsl: /* wgsl */ `
          @group(0) @binding(0) var<storage, read_write> grid: array<vec2f>;
          ${coordinatesWgsl({ height, width })}
          @compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) { grid[id.x] = coordinateOf(id.x); }`,
        bindings: [{ output: 0 }],
        workgroups: [height * width, 1, 1],
      },
    ],
  }),
  cases: () => [],
});

test.skipIf(!device).each([
  [4, 7],
  [9, 2],
  [1, 5],
  [1, 1],
])("coordinates of %d rows of %d columns are those of the identity grid", async (height, width) => {
  const dims = [1, height, width, 2] as const;
  const [got] = await runKernel(device!, gridKernel(height, width), [], [dims]);
  const { maxAbsError } = compareTensors(tensor("float32", got!, dims), identityGrid({ height, width }));
  expect(maxAbsError).toBeLessThan(3e-7); // a division may be off by 2.5 steps of float32 on a GPU
});
