import { expect, test } from "vitest";
import type { Backend, Progress } from "../contract/backend.ts";
import type { Check } from "../contract/report.ts";
import { sizeOf, tensor } from "../contract/tensor.ts";
import { ortNode } from "../ort-node/index.ts";
import { reference } from "../reference/index.ts";
import { mockBackend } from "../testing/mock-backend.ts";
import { type Fault, faultyBackend } from "./faulty-backend.ts";
import { proveOperators } from "./prove-operators.ts";
import { withReport } from "./with-report.ts";

const failed = (checks: readonly Check[]) => checks.filter(({ pass }) => !pass).map(({ name }) => name);
const names = async () => (await proveOperators(mockBackend())).map(({ name }) => name);

test("onnxruntime gives every answer", async () => {
  await using backend = await ortNode({ threads: 1 });
  const checks = await proveOperators(backend);
  expect(failed(checks)).toEqual([]);
  expect(checks.length).toBeGreaterThan(25);
  for (const { kind, form, maxAbsError, tolerance, milliseconds } of checks) {
    expect([kind, form, tolerance]).toEqual(["operator", "ort", 1e-4]);
    expect(maxAbsError).toBeLessThan(1e-6);
    expect(milliseconds).toBeGreaterThan(0);
  }
});

test("the reference gives every answer; without GridSample it says what is missing", async () => {
  await using backend = await reference();
  const checks = await proveOperators(backend);
  expect(failed(checks)).toEqual((await names()).filter((name) => name.startsWith("grid sample")));
  expect(checks[0]).toMatchObject({ form: "typescript", pass: true });
  expect(checks.at(-1)).toMatchObject({ maxAbsError: Number.NaN, problem: expect.stringContaining("GridSample") });
});

const faults: readonly (readonly [string, Fault, readonly string[]])[] = [
  [
    "a mirrored grid sample",
    { op: "GridSample", input: { index: 1, factors: [-1, 1] } },
    ["grid sample, align_corners 1", "grid sample, align_corners 0", "grid sample of a batch"],
  ],
  [
    "a conv that is off by a hundredth",
    { op: "Conv", offset: 1e-2 },
    [
      "conv, batch normalization, relu",
      "conv of 16 channels",
      "conv of 6 channels",
      "conv 7×7 with bias",
      "conv by channel with stride 2",
      "conv 1×1 in groups",
    ],
  ],
  [
    "a conv that is wrong for groups alone",
    { op: "Conv", hits: ({ attributes }) => (attributes.group ?? 1) !== 1, gain: 1.01 },
    ["conv by channel with stride 2", "conv 1×1 in groups"],
  ],
  ["a softmax along channels that does not sum to 1", { op: "Softmax", hits: ({ attributes }) => attributes.axis === 1, gain: 0.999 }, ["softmax over channels"]], // biome-ignore format: a line each
  ["an exp that is 0.1 % too large", { op: "Exp", gain: 1.001 }, ["exp"]],
];

test.each(faults)("%s is found, and nothing else is blamed", async (_, fault, wanted) => {
  await using backend = faultyBackend(await ortNode({ threads: 1 }), fault);
  expect(failed(await proveOperators(backend))).toEqual(wanted);
});

test("a fault of each operator is found", async () => {
  const ops = [
    "Conv",
    "BatchNormalization",
    "Relu",
    "Resize",
    "AveragePool",
    "Softmax",
    "MatMul",
    "Exp",
    "Log",
    "Sigmoid",
  ];
  ops.push("Tanh", "Div", "Max", "Sub", "Add", "Mul", "ReduceSum", "ReduceMean", "Transpose", "Gather", "Concat", "Slice", "Expand", "GridSample"); // biome-ignore format: a line each
  await using sound = await ortNode({ threads: 1 });
  for (const op of ops) {
    const checks = await proveOperators(faultyBackend(sound, { op, offset: 0.01 }));
    expect([op, failed(checks).length > 0]).toEqual([op, true]);
  }
});

test("a backend that computes nothing fails everything", async () => {
  const backend = mockBackend();
  const checks = await proveOperators(backend);
  expect(checks.every(({ pass, problem }) => !pass && problem === undefined)).toBe(true);
  expect(backend.live).toBe(0);
});

test("not-a-number is never near enough", async () => {
  const answer: NonNullable<Parameters<typeof mockBackend>[0]>["answer"] = (_, { outputs }) => {
    const { dims } = outputs[0]!;
    return { y: tensor("float32", new Float32Array(sizeOf(dims)).fill(Number.NaN), dims) };
  };
  const checks = await proveOperators(mockBackend({ answer }));
  expect(checks.every(({ pass, maxAbsError }) => !pass && Number.isNaN(maxAbsError))).toBe(true);
});

test("a backend that throws fails with what it said, and goes on", async () => {
  let runs = 0;
  const answer = () => {
    if (runs++ === 0) throw new Error("device lost.\n  at …");
    return { y: tensor("float32", new Float32Array(9), [1, 1, 3, 3]) };
  };
  const [first, second] = await proveOperators(mockBackend({ answer }));
  expect(first).toMatchObject({ pass: false, maxAbsError: Number.NaN, problem: "device lost" });
  expect(second!.problem).toMatch(/^mock: the answer for "y" must be/);
});

test("a backend that does not answer fails within the limit, and is not asked again", async () => {
  let runs = 0;
  const answer = () => {
    runs++;
    return new Promise<never>(() => undefined);
  };
  const begin = performance.now();
  const [first, second, ...more] = await proveOperators(mockBackend({ answer }), { limit: 30 });
  expect(performance.now() - begin).toBeLessThan(2000);
  expect(first).toMatchObject({ pass: false, problem: "there was no answer within 30 ms" });
  expect(second!.problem).toBe(`it was not run: the backend did not answer at "${first!.name}"`);
  expect(more.every(({ pass }) => !pass)).toBe(true);
  expect(runs).toBe(1);
});

test("an abort is thrown as it is, also while a check hangs", async () => {
  await expect(proveOperators(mockBackend(), { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
  const controller = new AbortController();
  const hanging = mockBackend({ answer: () => new Promise<never>(() => undefined) });
  const proof = proveOperators(hanging, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await expect(proof).rejects.toThrow("enough");
});

test("progress counts the checks", async () => {
  const seen: Progress[] = [];
  const checks = await proveOperators(mockBackend(), { onProgress: (progress) => seen.push(progress) });
  expect(seen.map(({ loaded }) => loaded)).toEqual(checks.map((_, i) => i + 1));
  expect(seen[0]).toEqual({ phase: "warm-up", loaded: 1, total: checks.length });
});

test("half precision is allowed more, and its form is what the report says", async () => {
  const report = { runtime: "test 1", providers: ["wasm"], precision: "float16", checks: [] } as const;
  const backend: Backend = withReport(await reference(), report);
  const [check] = await proveOperators(backend);
  expect(check).toMatchObject({ form: "wasm", tolerance: 5e-3, pass: true });
});
