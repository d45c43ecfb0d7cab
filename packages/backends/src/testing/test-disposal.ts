import { expect } from "vitest";
import { twoByTwoModel } from "./known-graphs.ts";
import { floats } from "./test-answers.ts";
import type { ConformanceTests, TestBackendOptions } from "./test-backend.ts";
import { expectWorks } from "./test-refusals.ts";

const disposed = expect.objectContaining({ code: "DISPOSED" });
const feeds = () => ({ a: floats(1, 2), b: floats(3, 4) });

/** Disposal is idempotent, reaches down, ends use, and nothing stays behind. */
export function disposalTests({ live }: TestBackendOptions): ConformanceTests {
  return {
    "a session can be disposed twice": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      await session[Symbol.asyncDispose]();
      await session[Symbol.asyncDispose]();
      await expectWorks(backend);
    },
    "a session that is used after disposal throws DISPOSED": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      await session[Symbol.asyncDispose]();
      await expect(session.run(feeds())).rejects.toThrow(disposed);
      await expectWorks(backend);
    },
    "disposing one session leaves the others alone": async (backend) => {
      const one = await backend.load(twoByTwoModel());
      const other = await backend.load(twoByTwoModel());
      await one[Symbol.asyncDispose]();
      expect(Object.keys(await other.run(feeds())).sort()).toEqual(["product", "sum"]);
    },
    "disposing the backend disposes its sessions": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      await backend[Symbol.asyncDispose]();
      await expect(session.run(feeds())).rejects.toThrow(disposed);
      await session[Symbol.asyncDispose]();
    },
    "a backend can be disposed twice, and then loads nothing": async (backend) => {
      await backend[Symbol.asyncDispose]();
      await backend[Symbol.asyncDispose]();
      await expect(backend.load(twoByTwoModel())).rejects.toThrow(disposed);
    },
    "disposal while runs are under way settles every one of them": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const runs = Array.from({ length: 4 }, () => session.run(feeds()));
      const outcomes = Promise.allSettled(runs);
      await session[Symbol.asyncDispose]();
      for (const outcome of await outcomes) {
        if (outcome.status === "rejected") expect(outcome.reason).toEqual(disposed);
      }
      await expectWorks(backend);
    },
    "an output can be disposed twice": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const { sum } = await session.run(feeds());
      sum![Symbol.dispose]();
      sum![Symbol.dispose]();
      await expect(sum!.read()).rejects.toThrow(disposed);
    },
    "200 cycles of load, run and dispose leave nothing behind": async (backend) => {
      await expectWorks(backend); // what is made once, on first use, is not a leak
      const before = live?.(backend);
      for (let cycle = 0; cycle < 200; cycle++) await expectWorks(backend);
      if (live) expect(live(backend)).toBe(before);
    },
  };
}
