import { expect } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { compareTensors } from "./compare-tensors.ts";
import {
  gridSampleGraphs,
  type KnownGraph,
  knownGraphs,
  laboriousModel,
  twoByTwoModel,
  typesModel,
} from "./known-graphs.ts";
import type { ConformanceTests, TestBackendOptions } from "./test-backend.ts";

export const floats = (...values: number[]) => tensor("float32", Float32Array.from(values), [values.length]);

/** The elements as numbers, from wherever the tensor lives. */
export const numbers = async (value: Tensor | undefined) =>
  Array.from((await value!.read()) as ArrayLike<number>, Number);

/** Right numbers, right metadata, and memory that belongs to who it should. */
export function answerTests(options: TestBackendOptions): ConformanceTests {
  const { tolerance = 1e-5, gridSample = true, responsive = false } = options;
  const graphs = [...knownGraphs(), ...(gridSample ? gridSampleGraphs() : [])];
  return {
    ...Object.fromEntries(graphs.map((graph) => [graph.name, (backend) => expectAnswer(backend, graph, tolerance)])),
    "a session tells names, types and dims": async (backend) => {
      const session = await backend.load(typesModel());
      expect(session.inputs.map(({ name, type, dims }) => ({ name, type, dims: [...dims] }))).toEqual([
        { name: "bytes", type: "uint8", dims: [3] },
        { name: "longs", type: "int64", dims: [3] },
      ]);
      expect(session.outputs.map(({ name, type, dims }) => ({ name, type, dims: [...dims] }))).toEqual([
        { name: "floats", type: "float32", dims: [3] },
      ]);
    },
    "inputs of other types are read": async (backend) => {
      const session = await backend.load(typesModel());
      const bytes = tensor("uint8", Uint8Array.of(1, 2, 255), [3]);
      const longs = tensor("int64", BigInt64Array.of(-1n, 0n, 1n), [3]);
      expect(await numbers((await session.run({ longs, bytes })).floats)).toEqual([0, 2, 256]);
    },
    "several inputs give several outputs": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const { sum, product } = await session.run({ b: floats(3, 4), a: floats(1, 2) });
      expect(await numbers(sum)).toEqual([4, 6]);
      expect(await numbers(product)).toEqual([3, 8]);
    },
    "only the outputs that are asked for come back": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const values = await session.run({ a: floats(1, 2), b: floats(3, 4) }, { outputs: ["product"] });
      expect(Object.keys(values)).toEqual(["product"]);
      expect(await numbers(values.product)).toEqual([3, 8]);
    },
    "feeds are borrowed: neither changed nor taken away": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const shared = new Float32Array([9, 1, 2, 3, 4, 9]); // views into a larger buffer, which must survive too
      const a = tensor("float32", shared.subarray(1, 3), [2]);
      const b = tensor("float32", shared.subarray(3, 5), [2]);
      for (let round = 0; round < 2; round++) {
        expect(await numbers((await session.run({ a, b })).sum)).toEqual([4, 6]);
        expect([...shared]).toEqual([9, 1, 2, 3, 4, 9]);
      }
    },
    "one tensor can be fed twice": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const both = floats(3, 4);
      expect(await numbers((await session.run({ a: both, b: both })).product)).toEqual([9, 16]);
    },
    "outputs belong to the caller: later runs and disposal leave them alone": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const { sum: first } = await session.run({ a: floats(1, 2), b: floats(3, 4) });
      const { sum: second } = await session.run({ a: floats(10, 20), b: floats(30, 40) });
      await session[Symbol.asyncDispose]();
      expect(await numbers(first)).toEqual([4, 6]);
      expect(await numbers(second)).toEqual([40, 60]);
    },
    "the model's bytes are borrowed": async (backend) => {
      const model = twoByTwoModel();
      const copy = model.slice();
      const session = await backend.load(model);
      expect(model).toEqual(copy);
      model.fill(0);
      expect(await numbers((await session.run({ a: floats(1, 2), b: floats(3, 4) })).sum)).toEqual([4, 6]);
    },
    "a model that is given away gives the same answers": async (backend) => {
      const session = await backend.load(twoByTwoModel(), { givenAway: true });
      expect(await numbers((await session.run({ a: floats(1, 2), b: floats(3, 4) })).sum)).toEqual([4, 6]);
    },
    "overlapping runs of two sessions keep their order and their numbers": async (backend) => {
      const [one, other] = await Promise.all([backend.load(twoByTwoModel()), backend.load(twoByTwoModel())]);
      const order: number[] = [];
      const runs = Array.from({ length: 8 }, async (_, index) => {
        const { sum } = await (index % 2 ? one : other).run({ a: floats(index, 0), b: floats(0, index) });
        order.push(index);
        expect(await numbers(sum)).toEqual([index, index]);
      });
      await Promise.all(runs);
      // Runs that go on at once end as they end.
      if ((backend.parallelism ?? 1) === 1) expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    },
    ...(responsive ? { "timers fire while a run goes on": expectResponsive } : {}),
  };
}

async function expectAnswer(backend: Backend, { model, feed, answer }: KnownGraph, tolerance: number): Promise<void> {
  const session = await backend.load(model);
  const { y } = await session.run({ x: feed });
  const got = tensor("float32", (await y!.read()) as Float32Array, y!.dims);
  expect(compareTensors(got, answer).maxAbsError).toBeLessThanOrEqual(tolerance);
}

/** Doubles the work until a run takes a tenth of a second, then counts timers during one. */
async function expectResponsive(backend: Backend): Promise<void> {
  const feed = tensor("float32", new Float32Array(128 * 128).fill(1), [128, 128]);
  for (let steps = 64; ; steps *= 2) {
    await using session = await backend.load(laboriousModel(steps));
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const begin = performance.now();
    const { y } = await session.run({ x: feed });
    const during = ticks; // before anything else is awaited
    clearInterval(timer);
    y![Symbol.dispose]();
    if (performance.now() - begin < 100 && steps < 65536) continue;
    expect(during).toBeGreaterThanOrEqual(4);
    return;
  }
}
