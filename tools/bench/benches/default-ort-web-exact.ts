import { ortWeb } from "@bunraku/backends/ort-web";
import type { Bench } from "../bench.ts";
import { frameAgainstPlain, plainBaseline } from "../workloads/frame-against-plain.ts";
import { heads } from "../workloads/systems.ts";

export default {
  name: "default/ort-web/exact",
  baseline: plainBaseline,
  note: "The default model (64 × 64), one driving frame from pixels to pixels, onnxruntime-web (WebAssembly, 2 threads, in Node) in float32, source cached; runs of 20.",
  prepare: async (context) => frameAgainstPlain(await heads(), () => ortWeb({ threads: 2 }), context, { frames: 20 }),
} satisfies Bench;
