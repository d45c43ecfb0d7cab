import { cpus } from "node:os";
import type { Outcome } from "./run-bench.ts";

/** A result, for people. */
export function outcomeLines({ result, pairs, table }: Outcome): string {
  const { name, baseline, ratioMedian, ratioMin, ratioMax, ms, baselineMs, note } = result;
  const spread = `${times(ratioMin)} to ${times(ratioMax)} in ${pairs} ${pairs === 1 ? "pair" : "pairs"}`;
  return [
    `${name}: ${times(ratioMedian)} (${spread}), ${milliseconds(ms)} against ${milliseconds(baselineMs)}`,
    `  baseline: ${baseline}`,
    `  ${note}`,
    ...(table ? [table] : []),
  ].join("\n");
}

/** What it ran on: figures without it say little. */
export function machine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? "unknown"}, ${cores.length} cores, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}

export function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 2 : 0)} ms`;
}

function times(ratio: number): string {
  return `${ratio.toPrecision(3)}×`;
}
