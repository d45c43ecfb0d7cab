import { cpuTolerances, type Tolerances } from "@bunraku/animate/testing";
import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { reference } from "@bunraku/backends/reference";
import { gridSampleOperator } from "@bunraku/warp/reference";

/** One row per backend: how it is made, and what it may differ by. */
const table: Record<string, { create: () => Promise<Backend>; tolerances: Tolerances }> = {
  "ort-node": { create: () => ortNode(), tolerances: cpuTolerances },
  reference: { create: () => reference({ operators: [gridSampleOperator] }), tolerances: cpuTolerances },
};

export const backendNames = Object.keys(table);
export const createBackend = (name: string): Promise<Backend> => table[name]!.create();
export const tolerances: Record<string, Tolerances> = Object.fromEntries(
  Object.entries(table).map(([name, row]) => [name, row.tolerances]),
);
