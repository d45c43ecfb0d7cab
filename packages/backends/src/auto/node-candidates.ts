import { existsSync } from "node:fs";
import type { AutoCandidate } from "./candidate.ts";
import { ortWebCandidate, referenceCandidate, webgpuCandidate } from "./common-candidates.ts";

/** An NVIDIA GPU through onnxruntime's own provider, where its libraries are installed. */
const cudaCandidate: AutoCandidate = {
  name: "ort-node-cuda",
  // The second is WSL's. Without a driver, onnxruntime need not be started to say so.
  unavailable: () =>
    existsSync("/proc/driver/nvidia/version") || existsSync("/dev/dxg") ? undefined : "There is no NVIDIA driver here",
  async create({ ortNode: options }) {
    const { ortNode } = (await import(
      "@bunraku/backends/ort-node"
    )) as unknown as typeof import("../ort-node/index.ts");
    return ortNode({ ...options, providers: ["cuda"] });
  },
};

const cpuCandidate: AutoCandidate = {
  name: "ort-node",
  async create({ ortNode: options }) {
    const { ortNode } = (await import(
      "@bunraku/backends/ort-node"
    )) as unknown as typeof import("../ort-node/index.ts");
    return ortNode(options);
  },
};

/** What `auto` tries in Node. */
export const nodeCandidates: readonly AutoCandidate[] = [
  cudaCandidate,
  webgpuCandidate,
  cpuCandidate,
  ortWebCandidate,
  referenceCandidate,
];
