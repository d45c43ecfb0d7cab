import { proceduralWeights } from "@bunraku/backends/testing/procedural";
import type { Architecture, ModelWeights } from "../models/architecture.ts";

/** Weights for both modules of an architecture that follow from their names alone (spec, appendix G). */
export function proceduralModelWeights({ specs }: Pick<Architecture, "specs">): ModelWeights {
  return {
    generator: proceduralWeights("generator", specs.generator),
    kp_detector: proceduralWeights("kp_detector", specs.kp_detector),
  };
}
