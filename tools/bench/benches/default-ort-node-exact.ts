import { ortNode } from "@bunraku/backends/ort-node";
import type { Bench } from "../bench.ts";
import { frameAgainstPlain, plainBaseline } from "../workloads/frame-against-plain.ts";
import { heads } from "../workloads/systems.ts";

export default {
  name: "default/ort-node/exact",
  baseline: plainBaseline,
  note: "The default model (64 × 64), one driving frame from pixels to pixels, onnxruntime-node in float32, source cached; runs of 20.",
  prepare: async (context) => frameAgainstPlain(await heads(), () => ortNode(), context, { frames: 20 }),
} satisfies Bench;
