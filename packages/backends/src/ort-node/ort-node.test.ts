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

testBackend("ort-node on a worker thread", () => ortNode({ threads: 1 }), { responsive: true });
testBackend("ort-node on the caller's thread", () => ortNode({ threads: 1, thread: "main" }));
