import { expect, test } from "vitest";
import { mapAhead } from "./map-ahead.ts";

let live = 0;
const result = (value: number) => {
  live++;
  return { value, [Symbol.dispose]: () => void live-- };
};
const wait = () => new Promise((resolve) => setTimeout(resolve, 1));

function counting(limit: number) {
  const seen = { pulled: 0, closed: false };
  async function* source() {
    try {
      for (let i = 0; i < limit; i++) {
        seen.pulled++;
        yield i;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, source: source() };
}

test("results come in order and at most `ahead` items are started early", async () => {
  const { seen, source } = counting(6);
  const got: number[] = [];
  const step = async (i: number) => {
    await wait();
    return result(i);
  };
  for await (const item of mapAhead(source, step, { ahead: 2 })) {
    got.push(item.value);
    expect(seen.pulled).toBeLessThanOrEqual(item.value + 3);
    item[Symbol.dispose]();
  }
  expect(got).toEqual([0, 1, 2, 3, 4, 5]);
  expect(seen.closed).toBe(true);
  expect(live).toBe(0);
});

test("a consumer that stops closes the source and frees what was in flight", async () => {
  const { seen, source } = counting(100);
  for await (const item of mapAhead(source, async (i) => result(i), { ahead: 3 })) {
    item[Symbol.dispose]();
    break;
  }
  expect(seen.closed).toBe(true);
  expect(seen.pulled).toBeLessThan(6);
  expect(live).toBe(0);
});

test("a step that fails throws at its own turn", async () => {
  const got: number[] = [];
  const run = async () => {
    const steps = mapAhead([0, 1, 2], async (i) => (i === 2 ? Promise.reject(new Error("frame 2")) : result(i)), {
      ahead: 2,
    });
    for await (const item of steps) {
      got.push(item.value);
      item[Symbol.dispose]();
    }
  };
  await expect(run()).rejects.toThrow("frame 2");
  expect(got).toEqual([0, 1]);
  expect(live).toBe(0);
});

test("a signal ends it with its reason", async () => {
  const controller = new AbortController();
  const { seen, source } = counting(100);
  const run = async () => {
    for await (const item of mapAhead(source, async (i) => result(i), { ahead: 1, signal: controller.signal })) {
      item[Symbol.dispose]();
      controller.abort(new Error("stop"));
    }
  };
  await expect(run()).rejects.toThrow("stop");
  expect(seen.closed).toBe(true);
  expect(live).toBe(0);
});

test("a signal does not wait for a source that has stalled", async () => {
  const controller = new AbortController();
  let returned = false;
  const stalled: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => {
      let first = true;
      return {
        next: () => {
          if (!first) return new Promise<never>(() => undefined);
          first = false;
          return Promise.resolve({ value: 0, done: false });
        },
        return: async () => {
          returned = true;
          return { value: undefined, done: true };
        },
      };
    },
  };
  const run = async () => {
    for await (const item of mapAhead(stalled, async (i) => result(i), { signal: controller.signal })) {
      item[Symbol.dispose]();
      setTimeout(() => controller.abort(new Error("enough")), 5);
    }
  };
  await expect(run()).rejects.toThrow("enough");
  expect(returned).toBe(true);
  expect(live).toBe(0);
});

test("leaving the loop does not wait for a source that has stalled", async () => {
  async function* stalled() {
    yield 0;
    await new Promise(() => undefined);
  }
  for await (const item of mapAhead(stalled(), async (i) => result(i), { ahead: 2 })) {
    item[Symbol.dispose]();
    break;
  }
  expect(live).toBe(0);
});
