import { expect, test } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { encodeModel, GraphBuilder } from "../onnx/index.ts";
import { testBackend } from "../testing/index.ts";
import { ortNode } from "./index.ts";

function doubling(): Uint8Array {
  const g = new GraphBuilder("double");
  const x = g.input("x", [1, 3]);
  g.output(g.node("Add", [x, x], x.dims), "y");
  return encodeModel(g.build());
}

test.each(["worker", "main"] as const)("a graph runs on the %s thread", async (thread) => {
  await using backend = await ortNode({ thread, threads: 1 });
  await using session = await backend.load(doubling());
  const { y } = await session.run({ x: tensor("float32", Float32Array.of(1, 2, 3), [1, 3]) });
  expect([...(y!.data as Float32Array)]).toEqual([2, 4, 6]);
});

test("a model that is given away moves to the worker, but not what lies beside it", async () => {
  await using backend = await ortNode({ threads: 1 });
  const model = doubling();
  await using _ = await backend.load(model, { givenAway: true });
  expect(model.length).toBe(0);
  const shelf = new Uint8Array(doubling().length + 1);
  shelf.set(doubling());
  await using __ = await backend.load(shelf.subarray(0, -1), { givenAway: true });
  expect(shelf.subarray(0, -1)).toEqual(doubling());
});

test("a runtime that is not installed says what to install", async () => {
  for (const thread of ["worker", "main"] as const) {
    await expect(ortNode({ thread, module: "no-such-runtime" })).rejects.toMatchObject({
      code: "BACKEND_MISSING",
      message: expect.stringContaining("npm install onnxruntime-node"),
    });
  }
});

test("threads must be a whole number", async () => {
  await expect(ortNode({ threads: 0 })).rejects.toThrow("threads must be a whole number of at least 1, got 0.");
});

/** A graph that takes a moment to load. */
function large(): Uint8Array {
  const g = new GraphBuilder("large");
  const weight = tensor("float32", new Float32Array(2048 * 2048).fill(1e-3), [2048, 2048]);
  const x = g.input("x", [1, 2048]);
  g.output(g.node("MatMul", [x, g.constant(weight)], [1, 2048]), "y");
  return encodeModel(g.build());
}

test.each([0, 1, 3, 10, 30])(
  "a load that is aborted after %d ms leaves a backend that is disposed in peace",
  async (delay) => {
    const backend = await ortNode({ threads: 1 });
    const controller = new AbortController();
    const loading = backend.load(large(), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), delay);
    const outcome = await loading.catch((error: Error) => error.message);
    if (outcome !== "enough") expect(outcome).toHaveProperty("outputs"); // it was faster
    await backend[Symbol.asyncDispose]();
    await expect(backend.load(doubling())).rejects.toMatchObject({ code: "DISPOSED" });
  },
);

test("a backend whose thread died says so, and is disposed in peace", async () => {
  const module = new URL("./testing/dying-runtime.js", import.meta.url).href;
  const backend = await ortNode({ module });
  const session = await backend.load(doubling());
  const feeds = { x: tensor("float32", new Float32Array(3), [1, 3]) };
  await expect(session.run(feeds)).rejects.toMatchObject({
    code: "BACKEND_UNAVAILABLE",
    message: expect.stringContaining("ended with code 3"),
  });
  await session[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

testBackend("ort-node on a worker thread", () => ortNode({ threads: 1 }), { responsive: true });
testBackend("ort-node on the caller's thread", () => ortNode({ threads: 1, thread: "main" }));
