import type { Bench } from "../../bench.ts";

export default {
  name: "fake/fails",
  baseline: "nothing",
  note: "It cannot be prepared.",
  prepare: async () => {
    throw new Error("there is no such model.");
  },
} satisfies Bench;
