import { existsSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { encodeModel, GraphBuilder } from "../onnx/index.ts";
import { probeModel } from "../ort/probe-model.js";
import { ortNode } from "./index.ts";

// A Vulkan driver in software, which Chromium brings; read when the first device is looked for.
const vulkan = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (existsSync(vulkan)) process.env.VK_ICD_FILENAMES ??= vulkan;

const cuda = await ort.InferenceSession.create(probeModel, { executionProviders: ["cuda"], logSeverityLevel: 4 }).then(
  () => true,
  () => false,
);

test("the report names the runtime, its provider and threads", async () => {
  await using asked = await ortNode({ threads: 2 });
  expect(asked.report).toEqual({
    runtime: `onnxruntime-node ${ort.env.versions.node}`,
    providers: ["cpu"],
    threads: 2,
    precision: "float32",
    checks: [],
  });
  await using unasked = await ortNode({ thread: "main" });
  expect(unasked.report!.threads).toBeGreaterThan(0);
  expect(unasked.warnings).toEqual([]);
});

test.each(["worker", "main"] as const)(
  "a provider that the build lacks is refused with those it has (%s)",
  async (thread) => {
    await expect(ortNode({ thread, providers: ["abacus", "cpu"] })).rejects.toMatchObject({
      code: "OPTION",
      message: expect.stringMatching(/no provider "abacus"; it has cpu, /),
    });
  },
);

test("no providers are refused", async () => {
  await expect(ortNode({ providers: [] })).rejects.toMatchObject({ code: "OPTION" });
});

test.skipIf(cuda)("a provider that cannot run here is noticed when the backend is made", async () => {
  for (const thread of ["worker", "main"] as const) {
    await expect(ortNode({ thread, providers: ["cuda"] })).rejects.toMatchObject({
      code: "BACKEND_UNAVAILABLE",
      message:
        'ort-node: provider "cuda" cannot run here: OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library. ' +
        'Install its driver and libraries, or allow another: providers: ["cuda", "cpu"].',
    });
  }
});

test.skipIf(cuda)("a provider that cannot run here is passed over for the next, with a warning", async () => {
  await using backend = await ortNode({ providers: ["cuda", "cpu"] });
  expect(backend.report!.providers).toEqual(["cpu"]);
  expect(backend.warnings).toEqual([
    {
      type: "provider-unavailable",
      message: expect.stringMatching(
        /^ort-node: provider "cuda" cannot run here, so "cpu" is used: .*shared library\.$/,
      ),
    },
  ]);
  await expectDoubles(backend);
});

test.skipIf(!existsSync(vulkan))("graphs run on WebGPU where there is a device, outputs on the CPU", async () => {
  await using backend = await ortNode({ providers: ["webgpu"] });
  expect(backend.report!.providers).toEqual(["webgpu"]);
  await expectDoubles(backend);
  await expectDoubles(backend); // also when an earlier session is gone
});

test("the probe is the graph that it says it is", () => {
  const g = new GraphBuilder("probe");
  const x = g.input("x", [1]);
  g.output(g.node("Neg", [x], [1]), "y");
  expect(probeModel).toEqual(encodeModel(g.build()));
});

async function expectDoubles(backend: Awaited<ReturnType<typeof ortNode>>): Promise<void> {
  const g = new GraphBuilder("double");
  const x = g.input("x", [3]);
  g.output(g.node("Add", [x, x], [3]), "y");
  await using session = await backend.load(encodeModel(g.build()));
  const { y } = await session.run({ x: tensor("float32", Float32Array.of(1, 2, 3), [3]) });
  expect([...(y!.data as Float32Array)]).toEqual([2, 4, 6]);
}
