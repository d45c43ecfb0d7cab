import { expect } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { twoByTwoModel } from "./known-graphs.ts";
import { floats, numbers } from "./test-answers.ts";
import type { ConformanceTests } from "./test-backend.ts";

/** Wrong feeds and damaged models: one clear error each, and the backend goes on. */
export function refusalTests(): ConformanceTests {
  const wrongFeeds = (feeds: Record<string, Tensor>, named: string) => async (backend: Backend) => {
    const session = await backend.load(twoByTwoModel());
    await expect(session.run(feeds)).rejects.toThrow(
      expect.objectContaining({ code: "SHAPE", message: expect.stringContaining(`"${named}"`) }),
    );
    await expectWorks(backend);
  };
  const damaged = (bytes: (good: Uint8Array) => Uint8Array) => async (backend: Backend) => {
    await expect(backend.load(bytes(twoByTwoModel()))).rejects.toThrow(expect.objectContaining({ code: "MODEL" }));
    await expectWorks(backend);
  };
  const a = floats(1, 2);
  const ints = tensor("int32", Int32Array.of(1, 2), [2]);
  return {
    "a missing input is named": wrongFeeds({ a }, "b"),
    "an unknown input is named": wrongFeeds({ a, b: a, c: a }, "c"),
    "an input with other dims is named": wrongFeeds({ a, b: floats(1, 2, 3) }, "b"),
    "an input of another rank is named": wrongFeeds({ a, b: tensor("float32", Float32Array.of(1, 2), [1, 2]) }, "b"),
    "an input of another type is named": wrongFeeds({ a, b: ints }, "b"),
    "an unknown output is refused": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      await expect(session.run({ a, b: a }, { outputs: ["quotient"] })).rejects.toThrow(
        expect.objectContaining({ code: "OPTION", message: expect.stringContaining('"quotient"') }),
      );
      await expectWorks(backend);
    },
    "an empty model is refused with MODEL": damaged(() => new Uint8Array(0)),
    "a model cut after one byte is refused with MODEL": damaged((good) => good.slice(0, 1)),
    "a model cut in the middle is refused with MODEL": damaged((good) => good.slice(0, good.length >> 1)),
    "a model without its last byte is refused with MODEL": damaged((good) => good.slice(0, -1)),
    "bytes that are no model are refused with MODEL": damaged(() =>
      Uint8Array.from({ length: 500 }, (_, index) => (index * 197 + 255) & 255),
    ),
  };
}

/** The backend still loads and runs. */
export async function expectWorks(backend: Backend): Promise<void> {
  await using session = await backend.load(twoByTwoModel());
  const { sum, product } = await session.run({ a: floats(1, 2), b: floats(3, 4) });
  expect(await numbers(sum)).toEqual([4, 6]);
  sum![Symbol.dispose]();
  product![Symbol.dispose]();
}
