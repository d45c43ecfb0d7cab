import { expect, test } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { tensor } from "../contract/tensor.ts";
import { encodeModel, GraphBuilder } from "../onnx/index.ts";
import { ortNode } from "../ort-node/index.ts";
import { type MockBackend, type MockOptions, mockBackend, testBackend } from "../testing/index.ts";
import { backendPool } from "./index.ts";

testBackend("a pool of ort-node", () => backendPool(2, () => ortNode({ threads: 1 })), { responsive: true });

function doubling(): Uint8Array {
  const g = new GraphBuilder("double");
  const x = g.input("x", [1, 3]);
  g.output(g.node("Add", [x, x], x.dims), "y");
  return encodeModel(g.build());
}
const feeds = () => ({ x: tensor("float32", Float32Array.of(1, 2, 3), [1, 3]) });

/** A pool of mocks, and the mocks. */
async function pooled(count: number, options: (member: number) => MockOptions = () => ({})) {
  const members: MockBackend[] = [];
  const pool = await backendPool(count, async () => {
    members.push(mockBackend(options(members.length)));
    return members.at(-1)!;
  });
  return { pool, members };
}

test("as many runs go on at once as there are members, and each member runs one", async () => {
  let [now, most] = [0, 0];
  const { pool, members } = await pooled(3, () => ({
    async answer({ x }) {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      return { y: x! };
    },
  }));
  const session = await pool.load(doubling());
  await Promise.all(Array.from({ length: 12 }, () => session.run(feeds())));
  expect([pool.parallelism, most]).toEqual([3, 3]);
  expect(members.reduce((sum, { runs }) => sum + runs.length, 0)).toBe(12);
  await pool[Symbol.asyncDispose]();
});

test("a member that works long holds up none but its own run", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const { pool } = await pooled(2, (member) => ({
    async answer({ x }) {
      if (member === 0) await held;
      return { y: x! };
    },
  }));
  const session = await pool.load(doubling());
  const slow = session.run(feeds());
  for (let i = 0; i < 5; i++) await session.run(feeds());
  release();
  await slow;
  await pool[Symbol.asyncDispose]();
});

test("a pool of which a member cannot be made is not made, and the others are disposed", async () => {
  let disposed = 0;
  let made = 0;
  const make = async (): Promise<Backend> => {
    if (++made === 2) throw new Error("no second one");
    const backend = mockBackend();
    return Object.assign(backend, { [Symbol.asyncDispose]: async () => void disposed++ });
  };
  await expect(backendPool(3, make)).rejects.toThrow("no second one");
  expect(disposed).toBe(2);
});

test("a graph that one member refuses leaves no session at the others", async () => {
  const { pool, members } = await pooled(2);
  members[1]!.load = () => Promise.reject(new Error("no room"));
  await expect(pool.load(doubling())).rejects.toThrow("no room");
  expect(members.map(({ live }) => live)).toEqual([0, 0]);
});

test("a session that is disposed is disposed at every member", async () => {
  const { pool, members } = await pooled(3);
  const session = await pool.load(doubling());
  expect(members.map(({ live }) => live)).toEqual([1, 1, 1]);
  await session[Symbol.asyncDispose]();
  expect(members.map(({ live }) => live)).toEqual([0, 0, 0]);
});

test("a member whose thread dies is one clear error, and the pool is disposed in peace", async () => {
  const module = new URL("../ort-node/testing/dying-runtime.js", import.meta.url).href;
  await using pool = await backendPool(2, () => ortNode({ module }));
  await using session = await pool.load(doubling());
  const outcomes = await Promise.allSettled([session.run(feeds()), session.run(feeds()), session.run(feeds())]);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { code: "BACKEND_UNAVAILABLE", message: expect.stringContaining("ended with code 3") },
    });
  }
});

test.each([0, 1.5, Number.NaN])("%d members are refused", async (count) => {
  await expect(backendPool(count, async () => mockBackend())).rejects.toMatchObject({ code: "OPTION" });
});

test("members with a GPU are refused, as their tensors cannot be shared", async () => {
  const make = async () => Object.assign(mockBackend({ name: "webgpu" }), { gpu: {} as GPUDevice });
  await expect(backendPool(2, make)).rejects.toThrow("those of webgpu live on a GPU each");
});
