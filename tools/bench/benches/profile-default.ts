import type { Bench } from "../bench.ts";
import { profile } from "../workloads/profile.ts";
import { heads } from "../workloads/systems.ts";

export default {
  name: "profile/default/ort-node",
  baseline: "the same stages with the plain graphs",
  note: "The default model, samples/driving/nod.mp4 (256 × 256) to an MP4 of 256 × 256, hybrid rendering, stages one after another, sum of all in ms per frame.",
  prepare: async (context) => profile(await heads(), 48, context),
} satisfies Bench;
