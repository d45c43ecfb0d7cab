import type { Json } from "@bunraku/checkpoints";
import { blockCount, convOutputs, inferFeatures, inferHourglass } from "./infer-features.ts";
import { Assumptions, type InferredParams } from "./inferred-params.ts";
import { dimsOf, type ModuleTensors } from "./module-tensors.ts";

type Dims = ReadonlyMap<string, readonly number[]>;

const DETECTOR = "model_params.kp_detector_params";
const GENERATOR = "model_params.generator_params";
const EMBEDDING = `${GENERATOR}.kp_embedding_params`;
const DENSE = `${GENERATOR}.dense_motion_params`;

/**
 * Reads the parameters of a Monkey-Net off its tensors, as far as they show. Much does not: variances, scales, the
 * normalisation of heatmaps, the interpolation of flow.
 *
 * @returns undefined when tensors are missing that every Monkey-Net has; a guess that may still not fit otherwise
 */
export function inferMonkeyNetParams(modules: ModuleTensors): InferredParams | undefined {
  const detector = dimsOf(modules.get("kp_detector"));
  const generator = dimsOf(modules.get("generator"));
  const assumptions = new Assumptions();
  const keypoints = detector.get("predictor.decoder.conv.weight")?.[0];
  const hourglass = inferHourglass(detector, "predictor");
  const down = convOutputs(generator, "appearance_encoder.down_blocks");
  const up = convOutputs(generator, "video_decoder.up_blocks");
  if (!keypoints || !hourglass || down.length === 0 || up.length !== down.length) return undefined;
  const sizes = inferFeatures([up.at(-1)!, ...down], 1024);
  const dense = inferDenseMotion(generator, keypoints, assumptions);
  // The deepest decoder block reads the deepest level and, beside it, the keypoints' embedding.
  const embedded = (generator.get("video_decoder.up_blocks.0.conv.weight")?.[1] ?? 0) - down.at(-1)!;
  const embedding = inferEmbedding(embedded / keypoints, EMBEDDING, assumptions);
  if (!sizes || !dense || (embedded !== 0 && !embedding)) return undefined;
  return {
    modelParams: {
      common_params: {
        num_kp: keypoints,
        kp_variance: assumptions.assume("model_params.common_params.kp_variance", "matrix"),
        num_channels: 3,
      },
      kp_detector_params: {
        temperature: assumptions.assume(`${DETECTOR}.temperature`, 0.1),
        ...hourglass,
        scale_factor: assumptions.assume(`${DETECTOR}.scale_factor`, 1),
        clip_variance: assumptions.assume(`${DETECTOR}.clip_variance`, 0.001),
      },
      generator_params: {
        interpolation_mode: assumptions.assume(`${GENERATOR}.interpolation_mode`, "nearest"),
        ...sizes,
        num_blocks: down.length,
        num_refinement_blocks: blockCount(generator, "refinement_module.r", "conv1.weight"),
        dense_motion_params: dense,
        ...(embedding && {
          kp_embedding_params: {
            ...embedding,
            scale_factor: assumptions.assume(`${EMBEDDING}.scale_factor`, 1),
          },
        }),
      },
    },
    assumed: assumptions.list,
  };
}

function inferDenseMotion(
  generator: Dims,
  keypoints: number,
  assumptions: Assumptions,
): Record<string, Json> | undefined {
  const name = "dense_motion_module.hourglass";
  const hourglass = inferHourglass(generator, name);
  const inputs = generator.get(`${name}.encoder.down_blocks.0.conv.weight`)?.[1] ?? 0;
  const mask = inferEmbedding(inputs / (keypoints + 1), `${DENSE}.mask_embedding_params`, assumptions);
  const outputs = generator.get(`${name}.decoder.conv.weight`)?.[0];
  if (!hourglass || !mask || outputs === undefined) return undefined;
  return {
    ...hourglass,
    use_mask: outputs > 2 || keypoints + 1 === outputs,
    use_correction: outputs === keypoints + 3 || (outputs === 2 && keypoints !== 1),
    scale_factor: assumptions.assume(`${DENSE}.scale_factor`, 1),
    mask_embedding_params: mask,
    num_group_blocks: blockCount(generator, "dense_motion_module.group_blocks.", "conv.weight"),
  };
}

/**
 * The parts of a movement embedding from the channels of one keypoint: a heatmap has 1, a difference 2, a deformed
 * source 3. Three can be two things.
 */
function inferEmbedding(channels: number, path: string, assumptions: Assumptions): Record<string, Json> | undefined {
  if (!Number.isInteger(channels) || channels < 1 || channels > 6) return undefined;
  const deformed = channels > 3;
  const rest = deformed ? channels - 3 : channels;
  const heatmap = rest !== 2;
  const difference = rest !== 1;
  const parts = {
    use_heatmap: heatmap,
    use_deformed_source_image: deformed,
    use_difference: difference,
  };
  if (channels === 3) {
    for (const [key, value] of Object.entries(parts)) assumptions.assume(`${path}.${key}`, value);
  }
  return {
    ...parts,
    ...(heatmap && {
      heatmap_type: assumptions.assume(`${path}.heatmap_type`, "difference"),
      norm_const: assumptions.assume(`${path}.norm_const`, 100),
    }),
  };
}
