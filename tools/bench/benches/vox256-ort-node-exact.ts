import { availableParallelism } from "node:os";
import { ortNode } from "@bunraku/backends/ort-node";
import { backendPool } from "@bunraku/backends/pool";
import type { Bench } from "../bench.ts";
import { frameAgainstPlain, plainBaseline } from "../workloads/frame-against-plain.ts";
import { vox256 } from "../workloads/systems.ts";

const jobs = availableParallelism();

export default {
  name: "vox256/ort-node/exact",
  baseline: `${plainBaseline}, all threads on one frame`,
  note: `vox-256, driving frames from pixels to pixels, onnxruntime-node in float32, source cached, graphs as planned, ${jobs} jobs of one thread each, as the command does it with models of one's own. Milliseconds are per frame.`,
  prepare: (context) =>
    frameAgainstPlain(vox256(), () => ortNode(), context, {
      frames: 2 * jobs,
      createOurs: () => backendPool(jobs, () => ortNode({ threads: 1 })),
    }),
} satisfies Bench;
