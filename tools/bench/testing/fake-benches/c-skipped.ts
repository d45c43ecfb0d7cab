import { type Bench, Skipped } from "../../bench.ts";

export default {
  name: "fake/skipped",
  baseline: "something else",
  note: "It needs a machine from the future.",
  prepare: async () => {
    throw new Skipped("this machine is not from the future.");
  },
} satisfies Bench;
