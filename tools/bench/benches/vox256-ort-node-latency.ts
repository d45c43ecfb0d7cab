import { ortNode } from "@bunraku/backends/ort-node";
import type { Bench } from "../bench.ts";
import { frameAgainstPlain, plainBaseline } from "../workloads/frame-against-plain.ts";
import { vox256 } from "../workloads/systems.ts";

export default {
  name: "vox256/ort-node/latency",
  baseline: plainBaseline,
  note: "vox-256, one driving frame at a time from pixels to pixels, onnxruntime-node in float32 with all threads on both sides, source cached, graphs as planned.",
  prepare: (context) => frameAgainstPlain(vox256(), () => ortNode(), context),
} satisfies Bench;
