import { cpuTolerances, gpuTolerances, type Tolerances } from "@bunraku/animate/testing";
import { webgpu } from "@bunraku/animate/webgpu";
import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { ortWeb } from "@bunraku/backends/ort-web";
import { reference } from "@bunraku/backends/reference";
import { gridSampleOperator } from "@bunraku/warp/reference";

/** Covariances of elongated keypoints lose digits by the order of sums, which threads change. */
const threadTolerances = { ...cpuTolerances, covariances: gpuTolerances.covariances };

/**
 * One row per backend: how it is made, and what it may differ by. On WebGPU a software device will do: it is for right
 * numbers, not for speed.
 */
const table: Record<string, { create: () => Promise<Backend>; tolerances: Tolerances }> = {
  "ort-node": { create: () => ortNode(), tolerances: cpuTolerances },
  "ort-node-webgpu": { create: () => ortNode({ providers: ["webgpu"] }), tolerances: gpuTolerances },
  "ort-web": { create: () => ortWeb({ threads: 1 }), tolerances: cpuTolerances },
  "ort-web-2": { create: () => ortWeb({ threads: 2 }), tolerances: threadTolerances },
  webgpu: { create: () => webgpu({ software: true }), tolerances: gpuTolerances },
  reference: { create: () => reference({ operators: [gridSampleOperator] }), tolerances: cpuTolerances },
};

export const backendNames = Object.keys(table);
export const createBackend = (name: string): Promise<Backend> => table[name]!.create();
export const tolerances: Record<string, Tolerances> = Object.fromEntries(
  Object.entries(table).map(([name, row]) => [name, row.tolerances]),
);
