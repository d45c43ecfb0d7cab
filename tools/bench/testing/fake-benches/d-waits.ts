import type { Bench } from "../../bench.ts";

/** Runs until it is interrupted. */
export default {
  name: "fake/waits",
  baseline: "waiting, too",
  note: "It waits.",
  onRequest: true,
  async prepare({ signal }) {
    const wait = () =>
      new Promise<undefined>((resolve) => {
        console.error("fake/waits: waiting");
        const timer = setInterval(() => undefined, 1000);
        signal.addEventListener("abort", () => {
          clearInterval(timer);
          resolve(undefined);
        });
      });
    return {
      baseline: wait,
      ours: wait,
      [Symbol.asyncDispose]: async () => console.error("fake/waits: disposed"),
    };
  },
} satisfies Bench;
