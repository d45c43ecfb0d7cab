import type { Bench } from "../../bench.ts";

/** Says in what order it was run. Ours takes half of what the baseline takes, and both take longer every time. */
export default {
  name: "fake/counts",
  baseline: "twice the time",
  note: "Nothing is measured.",
  async prepare() {
    const order: string[] = [];
    const run = async (side: string, factor: number) => {
      order.push(side);
      const round = order.filter((each) => each === side).length;
      return { ms: factor * round };
    };
    return {
      baseline: () => run("baseline", 20),
      ours: () => run("ours", 10),
      findings: () => `Order: ${order.join(" ")}.`,
      table: () => "  a table",
      [Symbol.asyncDispose]: async () => console.error("fake/counts: disposed"),
    };
  },
} satisfies Bench;
