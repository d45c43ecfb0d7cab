import type { CheckpointConfig } from "./config-of.ts";
import type { Family } from "./family.ts";

/** What upstream's data loaders take where a configuration has no frame shape: [height, width, channels]. */
export const defaultFrameShapes: Readonly<Record<Family, NonNullable<CheckpointConfig["frameShape"]>>> = {
  fomm: [256, 256, 3],
  "monkey-net": [64, 64, 3],
};
