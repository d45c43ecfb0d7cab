import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { GraphBuilder } from "../onnx/graph-builder.ts";
import { sixChannels } from "../proof/channel-graphs.ts";
import { groupsOfSix } from "../proof/group-graphs.ts";
import { twoByTwoModel } from "../testing/known-graphs.ts";
import { testDevice } from "../testing/test-device.ts";
import { deviceTensor } from "./gpu-tensor.ts";
import type { GpuKernel } from "./kernel.ts";
import { type WebGpuBackend, webgpu } from "./webgpu.ts";

const device = await testDevice();
const floats = (...values: number[]) => tensor("float32", Float32Array.from(values), [values.length]);
const numbers = async (value: Tensor | undefined) => [...((await value!.read()) as Float32Array)];
const feeds = () => ({ a: floats(1, 2), b: floats(3, 4) });

/** y = negated(relu(x)) + relu(x), where "Neg" is a kernel's. */
function negModel(): Uint8Array {
  const g = new GraphBuilder("neg");
  const x = g.input("x", [4]);
  const before = g.node("Relu", [x], [4]);
  const negative = g.node("Neg", [before], [4]);
  g.output(g.node("Add", [negative, g.floats([1])], [4]), "y");
  g.output(negative, "negative");
  g.output(before, "before");
  return encodeModel(g.build());
}

/** `factor` is -1 in a right kernel. */
function negKernel(factor = "-1.0", op = "Neg"): GpuKernel {
  return {
    op,
    plan: ({ inputs: [x] }) => ({
      passes: [
        {
          wgsl: /* wgsl */ `
            @group(0) @binding(0) var<storage, read> x: array<f32>;
            @group(0) @binding(1) var<storage, read_write> y: array<f32>;
            @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
              if (id.x < ${x!.dims[0]}u) { y[id.x] = ${factor} * x[id.x]; }
            }`,
          bindings: [{ input: 0 }, { output: 0 }],
          workgroups: [1, 1, 1],
        },
      ],
    }),
    cases() {
      const g = new GraphBuilder("case");
      const x = g.input("x", [2]);
      const [y] = op === "Neg" ? [g.node("Neg", [x], [2])] : g.piece(op, [x], () => [g.node("Neg", [x], [2])]);
      g.output(y, "y");
      const [feed, answer] = [Float32Array.of(1, -2), Float32Array.of(-1, 2)];
      const model = encodeModel(g.build());
      return [
        {
          name: `${op} of two`,
          model,
          feeds: { x: { dims: [2], data: feed } },
          answers: { y: { dims: [2], data: answer } },
        },
      ];
    },
  };
}

describe.skipIf(!device)("a WebGPU backend's life", () => {
  let backend: WebGpuBackend;
  beforeAll(async () => {
    backend = await webgpu({ software: true, prove: false });
  }, 300_000); // the first use of the runtime compiles its 27 MB
  afterAll(() => backend[Symbol.asyncDispose]());

  test("outputs that are kept stay on the device, feed the next run there, and come back by read()", async () => {
    await using session = await backend.load(twoByTwoModel());
    const { sum, product } = await session.run(feeds(), { keep: ["sum"] });
    expect(() => sum!.data).toThrow(expect.objectContaining({ code: "NOT_ON_CPU" }));
    expect([...(product!.data as Float32Array)]).toEqual([3, 8]);
    const next = await session.run({ a: sum!, b: sum! }, { outputs: ["product"] });
    expect(await numbers(next.product)).toEqual([16, 36]);
    expect(await numbers(sum)).toEqual([4, 6]);
    sum![Symbol.dispose]();
    await expect(session.run({ a: sum!, b: floats(1, 2) })).rejects.toThrow(
      expect.objectContaining({ code: "DISPOSED" }),
    );
  });

  test("kept outputs outlive later runs and their session", async () => {
    const session = await backend.load(twoByTwoModel());
    const { sum } = await session.run(feeds(), { keep: ["sum"] });
    for (let i = 0; i < 5; i++) await session.run({ a: floats(9, 9), b: floats(9, 9) });
    await session[Symbol.asyncDispose]();
    expect(await numbers(sum)).toEqual([4, 6]);
    sum![Symbol.dispose]();
  });

  test("a buffer of one's own on the backend's device is fed without a copy, and stays one's own", async () => {
    const buffer = backend.gpu.createBuffer({ size: 8, usage: 0x8c });
    backend.gpu.queue.writeBuffer(buffer, 0, Float32Array.of(10, 20));
    using mine = deviceTensor(backend.gpu, buffer, [2], () => buffer.destroy());
    await using session = await backend.load(twoByTwoModel());
    expect(await numbers((await session.run({ a: mine, b: floats(1, 1) })).sum)).toEqual([11, 21]);
    expect(await numbers(mine)).toEqual([10, 20]);
  });

  test("tensors of another backend's device are read over", async () => {
    await using other = await webgpu({ software: true, prove: false });
    await using there = await other.load(twoByTwoModel());
    await using here = await backend.load(twoByTwoModel());
    const { sum } = await there.run(feeds(), { keep: ["sum"] });
    expect(await numbers((await here.run({ a: sum!, b: floats(1, 1) })).sum)).toEqual([5, 7]);
    sum![Symbol.dispose]();
  });

  test("a device that is handed in is used and left alone", async () => {
    await using shared = await webgpu({ device: device!, prove: false });
    expect(shared.gpu).toBe(device);
    await using session = await shared.load(twoByTwoModel());
    expect(await numbers((await session.run(feeds())).sum)).toEqual([4, 6]);
    await shared[Symbol.asyncDispose]();
    const buffer = device!.createBuffer({ size: 4, usage: 0x8c });
    buffer.destroy();
  });

  test("frames leave nothing behind: neither buffers nor bytes nor heap", async () => {
    await using proved = await webgpu({ software: true, prove: false, kernels: [negKernel("-1.0", "neg-piece")] });
    const g = new GraphBuilder("piece");
    const x = g.input("x", [4]);
    const [y] = g.piece("neg-piece", [x], () => [g.node("Neg", [x], [4])]);
    g.output(g.node("Add", [y, x], [4]), "sum");
    g.output(y, "y");
    await using session = await proved.load(encodeModel(g.build()));
    const frame = async (i: number) => {
      const { sum, y: negative } = await session.run({ x: floats(i, 2, 3, 4) }, { keep: ["y"] });
      expect([...(sum!.data as Float32Array)]).toEqual([0, 0, 0, 0]);
      negative![Symbol.dispose]();
    };
    for (let i = 0; i < 50; i++) await frame(i);
    const before = { ...proved.memory };
    for (let i = 0; i < 2000; i++) await frame(i);
    expect(proved.memory).toEqual(before);
  });

  test("two models take turns", async () => {
    await using one = await backend.load(twoByTwoModel());
    await using other = await backend.load(negModel());
    const runs = Array.from({ length: 6 }, (_, i) =>
      i % 2 ? one.run({ a: floats(i, 0), b: floats(0, i) }) : other.run({ x: floats(i, 0, 0, -1) }),
    );
    const answers = await Promise.all(runs);
    for (const [i, { sum, negative }] of answers.entries())
      expect(await numbers(sum ?? negative)).toEqual(i % 2 ? [i, i] : [-i, -0, -0, -0]);
  });

  test("what is too large is refused by name, and the backend works on", async () => {
    const g = new GraphBuilder("huge");
    const x = g.input("x", [1]);
    const dims = [1 << 20, 1 << 14];
    const huge = g.node("Expand", [x, g.ints(dims)], dims);
    g.output(g.node("ReduceMean", [huge], [1, 1], { axes: [0, 1] }), "mean");
    await using session = await backend.load(encodeModel(g.build()));
    await expect(session.run({ x: floats(1) })).rejects.toThrow(expect.objectContaining({ code: "MEMORY" }));
    await using after = await backend.load(twoByTwoModel());
    expect(await numbers((await after.run(feeds())).sum)).toEqual([4, 6]);
  });

  test("an abort between steps ends the run", async () => {
    await using cut = await webgpu({ software: true, prove: false, kernels: [negKernel("-1.0", "neg-piece")] });
    const g = new GraphBuilder("steps");
    let value = g.input("x", [4]);
    for (let i = 0; i < 40; i++) {
      const inner = value;
      [value] = g.piece("neg-piece", [inner], () => [g.node("Neg", [inner], [4])]);
      value = g.node("Add", [value, g.floats([1])], [4]);
    }
    g.output(value, "y");
    await using session = await cut.load(encodeModel(g.build()));
    const controller = new AbortController();
    const run = session.run({ x: floats(1, 2, 3, 4) }, { signal: controller.signal });
    const outcome = expect(run).rejects.toThrow("enough");
    setTimeout(() => controller.abort(new Error("enough")), 1);
    await outcome;
    expect((await numbers((await session.run({ x: floats(0, 0, 0, 0) })).y)).length).toBe(4);
  });
});

describe.skipIf(!device)("a device that is lost", () => {
  test("is replaced: sessions are loaded again, and runs go on", async () => {
    await using backend = await webgpu({ software: true, prove: false });
    await using session = await backend.load(twoByTwoModel());
    await session.run(feeds());
    const first = backend.gpu;
    first.destroy();
    expect(await numbers((await session.run(feeds())).sum)).toEqual([4, 6]);
    expect(backend.gpu).not.toBe(first);
    expect(backend.memory.losses).toBe(1);
  });

  test("in the midst of a run is replaced, too", async () => {
    await using backend = await webgpu({ software: true, prove: false });
    await using session = await backend.load(twoByTwoModel());
    for (let round = 0; round < 5; round++) {
      const run = session.run(feeds());
      setTimeout(() => backend.gpu.destroy(), round);
      expect(await numbers((await run).sum)).toEqual([4, 6]);
    }
  });

  test("takes its tensors with it, which is said", async () => {
    await using backend = await webgpu({ software: true, prove: false });
    await using session = await backend.load(twoByTwoModel());
    const { sum } = await session.run(feeds(), { keep: ["sum"] });
    backend.gpu.destroy();
    await expect(session.run({ a: sum!, b: floats(1, 2) })).rejects.toThrow(
      expect.objectContaining({ code: "DEVICE_LOST" }),
    );
    sum![Symbol.dispose]();
    expect(await numbers((await session.run(feeds())).sum)).toEqual([4, 6]);
  });
});

/** Checks of kernels; what the runtime is known to get wrong is checked beside them. */
const ofKernels = (backend: WebGpuBackend) => backend.report.checks.filter(({ name }) => /neg/i.test(name));

test.skipIf(!device)("a run that loses every device is given up, and says so", async () => {
  await using backend = await webgpu({ software: true, prove: false });
  await using session = await backend.load(twoByTwoModel());
  const killer = setInterval(() => backend.gpu.destroy(), 0);
  const outcome = await session.run(feeds()).then(
    () => "survived",
    (error: { code: string }) => error.code,
  );
  clearInterval(killer);
  expect(["survived", "BACKEND_UNAVAILABLE"]).toContain(outcome); // by how the timer falls
  expect(await numbers((await session.run(feeds())).sum)).toEqual([4, 6]);
});

describe.skipIf(!device)("self-proof", () => {
  test("a right kernel of a piece is used, and the report says so", async () => {
    await using backend = await webgpu({ software: true, prove: false, kernels: [negKernel("-1.0", "neg-piece")] });
    expect(ofKernels(backend)).toEqual([
      expect.objectContaining({ name: "neg-piece of two", kind: "piece", form: "wgsl", pass: true, maxAbsError: 0 }),
    ]);
    expect(backend.warnings.filter(({ message }) => message.includes("neg"))).toEqual([]);
  });

  test("a wrong kernel is caught, and the runtime's operators do the piece", async () => {
    await using backend = await webgpu({ software: true, prove: false, kernels: [negKernel("1.0", "neg-piece")] });
    expect(
      ofKernels(backend).map(({ form, pass, maxAbsError, replacedBy }) => ({ form, pass, maxAbsError, replacedBy })),
    ).toEqual([
      { form: "wgsl", pass: false, maxAbsError: 4, replacedBy: "ort" },
      { form: "ort", pass: true, maxAbsError: 0, replacedBy: undefined },
    ]);
    expect(backend.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining(["neg-piece of two: wrong on this GPU (off by 4); the runtime's own operator does it."]),
    );
    await using session = await backend.load(negKernel("1.0", "neg-piece").cases()[0]!.model);
    expect(await numbers((await session.run({ x: floats(5, -6) })).y)).toEqual([-5, 6]);
  });

  test("a kernel that does not compile is caught", async () => {
    await using backend = await webgpu({ software: true, prove: false, kernels: [negKernel("nonsense", "neg-piece")] });
    expect(backend.report.checks[0]).toMatchObject({
      pass: false,
      replacedBy: "ort",
      problem: expect.stringContaining("nonsense"),
    });
  });

  test("an operator that the runtime gets wrong moves to a kernel, and to wasm when that is wrong, too", async () => {
    const ort = await faulty((await import("onnxruntime-web/webgpu")) as never);
    await using mended = await webgpu({ software: true, prove: false, ort, kernels: [negKernel()] });
    expect(ofKernels(mended).map(({ form, pass, replacedBy }) => [form, pass, replacedBy])).toEqual([
      ["ort", false, "wgsl"],
      ["wgsl", true, undefined],
    ]);
    await using onGpu = await mended.load(negModel());
    expect(await numbers((await onGpu.run({ x: floats(1, -2, 3, 0) })).negative)).toEqual([-1, -0, -3, -0]);

    await using last = await webgpu({ software: true, prove: false, ort, kernels: [negKernel("2.0")] });
    expect(ofKernels(last).map(({ form, pass, replacedBy }) => [form, pass, replacedBy])).toEqual([
      ["ort", false, "wasm"],
      ["wgsl", false, "wasm"],
      ["wasm", true, undefined],
    ]);
    await using onWasm = await last.load(negModel());
    const { y, negative, before } = await onWasm.run({ x: floats(1, -2, 3, 0) });
    expect([await numbers(y), await numbers(negative), await numbers(before)]).toEqual([
      [0, 1, -2, 1],
      [-1, -0, -3, -0],
      [1, 0, 3, 0],
    ]);
  });

  test("half precision that the device does not have is said, and float32 used", async () => {
    await using backend = await webgpu({ software: true, prove: false, precision: "float16" });
    if (backend.report.device!.features.includes("shader-f16")) {
      expect(backend.report.precision).toBe("float16");
      return;
    }
    expect(backend.report.precision).toBe("float32");
    expect(backend.warnings).toContainEqual(expect.objectContaining({ type: "no-shader-f16" }));
  });
});

/** The runtime, with an operator "Neg" that is wrong on WebGPU: models with it answer the double. */
async function faulty(real: typeof import("onnxruntime-common")) {
  const create = async (model: Uint8Array, options: { executionProviders: readonly unknown[] }) => {
    const onGpu = options.executionProviders[0] !== "wasm";
    const text = new TextDecoder("latin1").decode(model);
    const bytes = onGpu && text.includes("Neg") ? swap(model) : model;
    return real.InferenceSession.create(bytes, options as never);
  };
  /** The same file with another operator of as many letters. */
  function swap(model: Uint8Array): Uint8Array {
    const copy = model.slice();
    for (let at = 0; at + 3 <= copy.length; at++)
      if (copy[at] === 78 && copy[at + 1] === 101 && copy[at + 2] === 103) copy.set([69, 120, 112], at); // Exp
    return copy;
  }
  return { ...real, env: real.env, Tensor: real.Tensor, InferenceSession: { create } } as never;
}

describe.skipIf(!device)("what the runtime is known to get wrong", () => {
  test("is looked for, and rewritten where it is wrong", { timeout: 300_000 }, async () => {
    await using backend = await webgpu({ software: true });
    for (const graph of [sixChannels(), groupsOfSix()]) {
      const [plain, mended] = backend.report.checks.filter(({ name }) => name === graph.name);
      // A runtime that has mended it needs no rewrite; one that has not must get the rewritten one right.
      if (!plain!.pass)
        expect([plain!.replacedBy, mended!.form, mended!.pass]).toEqual(["rewritten", "rewritten", true]);
      await using session = await backend.load(graph.model);
      expect(await numbers((await session.run({ x: graph.feed })).y)).toEqual([...graph.answer.data]);
    }
  });
});
