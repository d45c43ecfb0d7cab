import type { Bench } from "../bench.ts";
import { profile } from "../workloads/profile.ts";
import { vox256 } from "../workloads/systems.ts";

export default {
  name: "profile/vox256/ort-node",
  baseline: "the same stages with the plain graphs",
  note: "vox-256, samples/driving/nod.mp4 (256 × 256) to an MP4 of 256 × 256, stages one after another, sum of all in ms per frame.",
  prepare: (context) => profile(vox256(), 4, context),
} satisfies Bench;
