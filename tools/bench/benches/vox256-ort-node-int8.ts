import { type ModelBundle, quantizeModel, quantizing } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { officialConfig } from "@bunraku/checkpoints";
import type { Bench } from "../bench.ts";
import { frameAgainstPlain, plainBaseline } from "../workloads/frame-against-plain.ts";
import { vox256 } from "../workloads/systems.ts";

export default {
  name: "vox256/ort-node/int8",
  baseline: plainBaseline,
  note: "vox-256 with detector and frame in 8-bit integers, one driving frame from pixels to pixels, onnxruntime-node, source cached. For speed: how near it is to float32 depends on weights, and procedural ones are no model.",
  async prepare(context) {
    const system = vox256();
    const { family, modelParams } = officialConfig("vox-256");
    const { height, width } = system.size;
    const bundle: ModelBundle = {
      manifest: {
        formatVersion: 1,
        name: "vox-256",
        family,
        modelParams,
        frameSize: [height, width],
        alignCorners: system.alignCorners,
      },
      loadWeights: async () => system.weights,
    };
    context.progress("measuring ranges");
    const images = Array.from({ length: 4 }, (_, i) => proceduralImage(system.size, i));
    await using backend = await ortNode();
    const clips = [{ initial: images[0]!, frames: images }];
    const { quantization } = await quantizeModel(backend, bundle, clips, { targetPsnr: 0, signal: context.signal });
    return frameAgainstPlain({ ...system, rewrite: quantizing(quantization) }, () => ortNode(), context);
  },
} satisfies Bench;
