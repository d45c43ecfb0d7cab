import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { encodeModel, GraphBuilder } from "../onnx/index.ts";
import { expectWorks } from "../testing/test-refusals.ts";
import { ortWeb } from "./index.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

// The runtime makes its memory when it starts, and tells nobody; so it is looked at here as it is made.
const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

function memory() {
  collect();
  expect(memories).toHaveLength(1);
  return { wasm: memories[0]!.buffer.byteLength, heap: process.memoryUsage().heapUsed };
}

test("2,000 runs keep the memory where it was", async () => {
  await using backend = await ortWeb({ threads: 1 });
  await using session = await backend.load(filling([1, 4]));
  const runs = async (count: number) => {
    for (let run = 0; run < count; run++) {
      const { y } = await session.run({ x: tensor("float32", Float32Array.of(run), [1, 1]) });
      expect(y!.data[0]).toBe(run);
    }
  };
  await runs(200);
  const before = memory();
  await runs(2000);
  const after = memory();
  expect(after.wasm).toBe(before.wasm);
  expect(after.heap - before.heap).toBeLessThan(1e6);
});

test("500 cycles of load, run and dispose keep the memory where it was", async () => {
  await using backend = await ortWeb({ threads: 1 });
  const cycles = async (count: number) => {
    for (let cycle = 0; cycle < count; cycle++) await expectWorks(backend);
  };
  await cycles(50);
  const before = memory();
  await cycles(500);
  const after = memory();
  expect(after.wasm).toBe(before.wasm);
  expect(after.heap - before.heap).toBeLessThan(1e6);
});

test.each([
  ["4 GiB", [32_760, 32_760]],
  ["more bytes than 32 bits can count", [40_000, 40_000]],
] as const)("a tensor of %s gives an error that says so, and the backend goes on", async (_, dims) => {
  await using backend = await ortWeb({ threads: 1 });
  await using session = await backend.load(filling(dims));
  for (let round = 0; round < 2; round++) {
    await expect(session.run({ x: tensor("float32", Float32Array.of(1), [1, 1]) })).rejects.toMatchObject({
      code: "MODEL",
      message: expect.stringMatching(
        /^ort-web: the run failed: .* need more memory than there is: use a smaller size\.$/,
      ),
    });
    await expectWorks(backend);
  }
});

/** `y` [1, 1] is the mean of `x` [1, 1], repeated to `dims`. */
function filling(dims: readonly number[]): Uint8Array {
  const g = new GraphBuilder("filling");
  const full = g.node("Expand", [g.input("x", [1, 1]), g.ints(dims)], dims);
  g.output(g.node("ReduceMean", [full], [1, 1], { axes: [0, 1], keepdims: 1 }), "y");
  return encodeModel(g.build());
}
