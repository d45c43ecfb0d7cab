import { ortNode } from "@bunraku/backends/ort-node";
import type { Bench } from "../bench.ts";
import { floorBaseline, floorOf } from "../workloads/floor.ts";
import { heads } from "../workloads/systems.ts";

export default {
  name: "floor/default/ort-node",
  baseline: floorBaseline,
  note: "The default model (64 × 64), one driving frame from pixels to pixels, onnxruntime-node in float32, source cached.",
  prepare: async (context) => floorOf(await heads(), () => ortNode({ thread: "main" }), context),
} satisfies Bench;
