import { expect } from "vitest";
import { tensor } from "../contract/tensor.ts";
import { laboriousModel, twoByTwoModel } from "./known-graphs.ts";
import { floats } from "./test-answers.ts";
import type { ConformanceTests, TestBackendOptions } from "./test-backend.ts";
import { expectWorks } from "./test-refusals.ts";

const work = () => ({ x: tensor("float32", new Float32Array(128 * 128), [128, 128]) });

/** A run or load that is aborted rejects with `signal.reason` as it is, and the backend goes on. */
export function abortTests({ steps = 256 }: TestBackendOptions): ConformanceTests {
  return {
    "a load with a signal that fired before rejects with its reason": async (backend) => {
      const reason = new Error("too late");
      await expect(backend.load(twoByTwoModel(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      await expectWorks(backend);
    },
    "a run with a signal that fired before rejects with its reason": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const reason = { any: "value" };
      const run = session.run({ a: floats(1, 2), b: floats(3, 4) }, { signal: AbortSignal.abort(reason) });
      await expect(run).rejects.toBe(reason);
      await expectWorks(backend);
    },
    "a run that waits is taken out by its signal": async (backend) => {
      const session = await backend.load(laboriousModel(steps / 4));
      const controller = new AbortController();
      const first = session.run(work());
      const waiting = session.run(work(), { signal: controller.signal });
      const last = session.run(work());
      const reason = new Error("changed my mind");
      controller.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      await Promise.all([first, last]);
      await expectWorks(backend);
    },
    "a run that goes on rejects when its signal fires": async (backend) => {
      const session = await backend.load(laboriousModel(steps));
      const controller = new AbortController();
      const reason = new Error("stop");
      let settled = false;
      const run = session.run(work(), { signal: controller.signal }).finally(() => {
        settled = true;
      });
      const outcome = run.catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const abortedInTime = !settled; // a backend that is fast enough, or that blocks its caller, is done by now
      controller.abort(reason);
      const result = await outcome;
      if (abortedInTime) expect(result).toBe(reason);
      await expectWorks(backend);
    },
    "an abort after the run changes nothing": async (backend) => {
      const session = await backend.load(twoByTwoModel());
      const controller = new AbortController();
      const { sum } = await session.run({ a: floats(1, 2), b: floats(3, 4) }, { signal: controller.signal });
      controller.abort();
      expect([...((await sum!.read()) as Float32Array)]).toEqual([4, 6]);
      await expectWorks(backend);
    },
  };
}
