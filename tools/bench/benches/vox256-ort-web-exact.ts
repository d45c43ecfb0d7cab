import { ortWeb } from "@bunraku/backends/ort-web";
import type { Bench } from "../bench.ts";
import { frameAgainstPlain, plainBaseline } from "../workloads/frame-against-plain.ts";
import { vox256 } from "../workloads/systems.ts";

export default {
  name: "vox256/ort-web/exact",
  baseline: plainBaseline,
  note: "vox-256, one driving frame from pixels to pixels, onnxruntime-web (WebAssembly, 2 threads, in Node) in float32, source cached.",
  prepare: (context) => frameAgainstPlain(vox256(), () => ortWeb({ threads: 2 }), context),
} satisfies Bench;
