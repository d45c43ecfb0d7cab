import type { Backend, Check, Progress } from "@bunraku/backends";
import { decodeModel, encodeModel, type GraphNode } from "@bunraku/backends/onnx";
import { ortNode } from "@bunraku/backends/ort-node";
import { proveOperators, withReport } from "@bunraku/backends/proof";
import { reference } from "@bunraku/backends/reference";
import { mockBackend } from "@bunraku/backends/testing";
import { type Fault, faultyBackend } from "@bunraku/backends/testing/faulty";
import { gridSampleOperator } from "@bunraku/warp/reference";
import { expect, test } from "vitest";
import { prove } from "./prove.ts";

const every = ["fomm detector", "fomm source", "fomm frame"];
const all = [...every, "monkey-net detector", "monkey-net source", "monkey-net frame"];
const failed = (checks: readonly Check[]) => checks.filter(({ pass }) => !pass).map(({ name }) => name);
const single = () => ortNode({ threads: 1 });

test("onnxruntime passes, a tenth of what is allowed away from the stored numbers at most", async () => {
  await using backend = await single();
  const checks = await prove(backend);
  expect(checks.map(({ name }) => name)).toEqual(all);
  for (const { kind, form, pass, maxAbsError, tolerance } of checks) {
    expect([kind, form, pass]).toEqual(["graph", "ort", true]);
    expect(maxAbsError).toBeLessThan(tolerance / 10);
  }
});

test("one family can be asked for, and progress counts its graphs", async () => {
  await using backend = await reference({ operators: [gridSampleOperator] });
  const seen: Progress[] = [];
  const checks = await prove(backend, { families: ["fomm"], onProgress: (progress) => seen.push(progress) });
  expect(checks.map(({ name, form, pass }) => [name, form, pass])).toEqual(every.map((name) => [name, "typescript", true])); // biome-ignore format: a line
  expect(seen.map(({ loaded }) => loaded)).toEqual([1, 2, 3]);
  expect(seen[2]).toEqual({ phase: "warm-up", loaded: 3, total: 3 });
});

const faults: readonly (readonly [string, Fault, readonly string[]])[] = [
  [
    "a mirrored grid sample",
    { op: "GridSample", input: { index: 1, factors: [-1, 1] } },
    ["fomm frame", "monkey-net frame"],
  ],
  ["a conv that is off by a hundredth", { op: "Conv", offset: 1e-2 }, all],
  ["the one conv of occlusion that is off by a hundredth", { op: "Conv", hits: ({ inputs }) => inputs[1]!.includes("occlusion"), offset: 1e-2 }, ["fomm frame"]],
  ["a matrix product that is off by a thousandth", { op: "MatMul", gain: 1.001 }, ["fomm detector", "fomm frame", "monkey-net detector", "monkey-net frame"]],
  ["a resize that is 1 % too bright", { op: "Resize", gain: 1.01 }, ["fomm detector", "fomm frame", "monkey-net detector", "monkey-net frame"]],
  ["an average pool that is 1 % too bright", { op: "AveragePool", gain: 1.01 }, all],
]; // biome-ignore format: a line each

test.each(faults)("%s is found in the graphs that have it", async (_, fault, wanted) => {
  await using backend = faultyBackend(await single(), fault);
  const checks = await prove(backend);
  expect(failed(checks)).toEqual(wanted);
  for (const { pass, problem } of checks) if (!pass) expect(problem).toMatch(/^differs in \w+ by [\d.]+ \(allowed: /);
});

test("what is wrong is named with its figures, worst first counted", async () => {
  await using backend = faultyBackend(await single(), { op: "GridSample", input: { index: 1, factors: [-1, 1] } });
  const checks = await prove(backend, { families: ["fomm"] });
  const frame = checks.find(({ name }) => name === "fomm frame")!;
  expect(frame.problem).toMatch(/prediction by 0\.\d+ \(allowed: 0\.0005\)/);
  expect(frame.maxAbsError).toBeGreaterThan(frame.tolerance);
});

test("a backend that throws or does not answer fails, and the proof ends", async () => {
  const throwing = mockBackend({ answer: () => Promise.reject(new Error("device lost")) });
  const checks = await prove(throwing, { families: ["fomm"] });
  expect(failed(checks)).toEqual(every);
  expect(checks[0]!.problem).toBe("device lost");
  expect(throwing.live).toBe(0);
  const hanging = mockBackend({ answer: () => new Promise<never>(() => undefined) });
  const silent = await prove(hanging, { families: ["fomm"], limit: 50 });
  expect(silent.map(({ problem }) => problem)).toEqual([
    "there was no answer within 50 ms",
    'it was not run: the backend did not answer at "fomm detector"',
    'it was not run: the backend did not answer at "fomm detector"',
  ]);
});

test("an abort is thrown as it is", async () => {
  const signal = AbortSignal.abort(new Error("no"));
  await expect(prove(mockBackend(), { signal })).rejects.toThrow("no");
});

test("a backend that computes nothing, and one that gives no numbers, pass nothing", async () => {
  const backend = mockBackend();
  expect(failed(await prove(backend))).toEqual(all);
  expect(backend.live).toBe(0);
});

/** Every convolution reads and gives what half precision can hold. */
function halved(inner: Backend): Backend {
  const half = (name: string, of: string): GraphNode[] => [
    { op: "Cast", name: `${name}_half`, inputs: [of], outputs: [`${name}_half`], attributes: { to: 10 } },
    { op: "Cast", name: `${name}_full`, inputs: [`${name}_half`], outputs: [name], attributes: { to: 1 } },
  ];
  return {
    ...withReport(inner, { runtime: "test 1", providers: [], precision: "float16", checks: [] }),
    load(model, options) {
      const { values: _, ...graph } = decodeModel(model);
      const nodes = graph.nodes.flatMap((node) => {
        if (node.op !== "Conv") return [node];
        const [output] = node.outputs as [string];
        const inputs = node.inputs.map((_, i) => `${output}_in${i}`);
        const before = node.inputs.flatMap((input, i) => half(inputs[i]!, input));
        return [...before, { ...node, inputs, outputs: [`${output}_right`] }, ...half(output, `${output}_right`)];
      });
      return inner.load(encodeModel({ ...graph, nodes, pieces: [] }), options);
    },
  };
}

test("convolutions in half precision pass with half of what half precision is allowed, and not as single precision", async () => {
  await using backend = halved(await single());
  const checks = await prove(backend);
  expect(failed(checks)).toEqual([]);
  for (const { maxAbsError, tolerance } of checks) expect(maxAbsError).toBeLessThan(tolerance / 2);
  const strict = { ...backend, report: { ...backend.report!, precision: "float32" as const } };
  expect(failed(await prove(strict, { families: ["fomm"] }))).toContain("fomm frame");
});

test("a fault that shows is found in half precision, too", async () => {
  await using backend = faultyBackend(halved(await single()), {
    op: "GridSample",
    input: { index: 1, factors: [-1, 1] },
  });
  expect(failed(await prove(backend))).toEqual(["fomm frame", "monkey-net frame"]);
});

test("every operator of these models has a graph of its own in proveOperators", async () => {
  const operatorsOf = async (proof: (backend: Backend) => Promise<unknown>) => {
    const inner = mockBackend();
    const seen = new Set<string>();
    await proof({
      ...withReport(inner, { runtime: "test 1", providers: [], precision: "float32", checks: [] }),
      load(model, options) {
        for (const { op } of decodeModel(model).nodes) seen.add(op);
        return inner.load(model, options);
      },
    });
    return seen;
  };
  const models = await operatorsOf(prove);
  expect(models.size).toBeGreaterThan(20);
  const known = await operatorsOf(proveOperators);
  expect([...models].filter((op) => !known.has(op))).toEqual([]);
});
