import { expect, test } from "vitest";
import { BunrakuError } from "../contract/error.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { ortNode } from "../ort-node/index.ts";
import { twoByTwoModel } from "../testing/known-graphs.ts";

/** A tensor that lives on a device: its elements come late, and only by reading. */
function elsewhere(values: number[], milliseconds: number): Tensor<"float32"> {
  return {
    type: "float32",
    dims: [values.length],
    get data(): Float32Array<ArrayBuffer> {
      throw new BunrakuError("NOT_ON_CPU", "it lives elsewhere");
    },
    async read() {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return Float32Array.from(values);
    },
    [Symbol.dispose]() {},
  };
}

test.each(["worker", "main"] as const)(
  "feeds that live elsewhere are read, and runs keep their order (%s)",
  async (thread) => {
    await using backend = await ortNode({ thread, threads: 1 });
    const session = await backend.load(twoByTwoModel());
    const order: string[] = [];
    const sum = async (name: string, a: Tensor<"float32">) => {
      const values = await session.run({ a, b: tensor("float32", Float32Array.of(1, 1), [2]) });
      order.push(name);
      return [...(values.sum!.data as Float32Array)];
    };
    const slow = sum("slow", elsewhere([1, 2], 30));
    const quick = sum("quick", tensor("float32", Float32Array.of(3, 4), [2]));
    expect(await slow).toEqual([2, 3]);
    expect(await quick).toEqual([4, 5]);
    expect(order).toEqual(["slow", "quick"]);
  },
);

test("a feed that cannot be read fails its run alone", async () => {
  await using backend = await ortNode({ threads: 1 });
  const session = await backend.load(twoByTwoModel());
  const gone = tensor("float32", Float32Array.of(1, 2), [2]);
  gone[Symbol.dispose]();
  const here = tensor("float32", Float32Array.of(1, 2), [2]);
  await expect(session.run({ a: gone, b: here })).rejects.toMatchObject({ code: "DISPOSED" });
  expect(Object.keys(await session.run({ a: here, b: here }))).toEqual(["sum", "product"]);
});
