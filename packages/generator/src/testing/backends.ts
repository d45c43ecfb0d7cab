import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { reference } from "@bunraku/backends/reference";
import { gridSampleOperator } from "@bunraku/warp/reference";

/** Where forms are held to their definitions. */
export const backends: readonly (readonly [name: string, open: () => Promise<Backend>])[] = [
  ["ort-node", () => ortNode({ threads: 1, thread: "main" })],
  ["reference", () => reference({ operators: [gridSampleOperator] })],
];
