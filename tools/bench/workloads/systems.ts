import { type Architecture, architectureOf, type ModelWeights, openBundle } from "@bunraku/animate";
import type { Rewrite } from "@bunraku/backends/onnx";
import { proceduralWeights } from "@bunraku/backends/testing/procedural";
import { officialConfig } from "@bunraku/checkpoints";
import type { Size } from "@bunraku/warp";

/** All that makes a model but a backend. */
export interface System {
  readonly architecture: Architecture;
  readonly weights: ModelWeights;
  readonly size: Size;
  readonly alignCorners: boolean;
  /** What becomes of its graphs; the plain graphs stay as they are. @default nothing */
  readonly rewrite?: Rewrite;
}

/** vox-256 as upstream configures it. Weights follow from their names: speed does not depend on their values. */
export function vox256(size: Size = { height: 256, width: 256 }): System {
  const { family, modelParams } = officialConfig("vox-256");
  const architecture = architectureOf(family, modelParams);
  const weights = {
    generator: proceduralWeights("generator", architecture.specs.generator),
    kp_detector: proceduralWeights("kp_detector", architecture.specs.kp_detector),
  };
  return { architecture, weights, size, alignCorners: true };
}

/** Where the default model is. */
export const headsFolder = new URL("../../../packages/model-heads/files/", import.meta.url);

/** The default model, with its own weights. */
export async function heads(): Promise<System> {
  const { manifest, loadWeights } = await openBundle(headsFolder);
  const [height, width] = manifest.frameSize;
  return {
    architecture: architectureOf(manifest.family, manifest.modelParams),
    weights: await loadWeights(),
    size: { height, width },
    alignCorners: manifest.alignCorners,
  };
}
