import { ortNode } from "@bunraku/backends/ort-node";
import type { Bench } from "../bench.ts";
import { floorBaseline, floorOf } from "../workloads/floor.ts";
import { vox256 } from "../workloads/systems.ts";

export default {
  name: "floor/vox256/ort-node",
  baseline: floorBaseline,
  note: "vox-256, one driving frame from pixels to pixels, onnxruntime-node in float32, source cached.",
  prepare: (context) => floorOf(vox256(), () => ortNode({ thread: "main" }), context),
} satisfies Bench;
