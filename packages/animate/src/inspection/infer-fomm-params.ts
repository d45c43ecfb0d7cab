import type { Json } from "@bunraku/checkpoints";
import { blockCount, convOutputs, inferFeatures, inferHourglass } from "./infer-features.ts";
import { Assumptions, type InferredParams } from "./inferred-params.ts";
import { dimsOf, type ModuleTensors } from "./module-tensors.ts";

type Dims = ReadonlyMap<string, readonly number[]>;

const MODEL = "model_params";
const DETECTOR = `${MODEL}.kp_detector_params`;
const GENERATOR = `${MODEL}.generator_params`;
const DENSE = `${GENERATOR}.dense_motion_params`;

/**
 * Reads the parameters of a first-order model off its tensors, as far as they show.
 *
 * @returns undefined when tensors are missing that every first-order model has; a guess that may still not fit otherwise
 */
export function inferFommParams(modules: ModuleTensors): InferredParams | undefined {
  const detector = dimsOf(modules.get("kp_detector"));
  const generator = dimsOf(modules.get("generator"));
  const assumptions = new Assumptions();
  const [keypoints, features] = detector.get("kp.weight") ?? [];
  const jacobianMaps = (detector.get("jacobian.weight")?.[0] ?? 0) / 4;
  const hourglass = inferHourglass(detector, "predictor");
  const channels = generator.get("first.conv.weight");
  if (!keypoints || !features || !hourglass || !channels) return undefined;
  const detectorParams = {
    temperature: assumptions.assume(`${DETECTOR}.temperature`, 0.1),
    ...hourglass,
    scale_factor: inferScale(detector, "down.weight", `${DETECTOR}.scale_factor`, assumptions),
    pad: assumptions.assume(`${DETECTOR}.pad`, 0),
    ...(jacobianMaps === 1 && keypoints > 1 && { single_jacobian_map: true }),
  };
  const down = convOutputs(generator, "down_blocks");
  const sizes = inferFeatures([channels[0]!, ...down], 512);
  const dense = inferDenseMotion(generator, assumptions);
  if (!sizes) return undefined;
  return {
    modelParams: {
      common_params: {
        num_kp: keypoints,
        num_channels: channels[1] ?? 3,
        estimate_jacobian: jacobianMaps > 0,
      },
      kp_detector_params: detectorParams,
      generator_params: {
        ...sizes,
        num_down_blocks: down.length,
        num_bottleneck_blocks: blockCount(generator, "bottleneck.r", "conv1.weight"),
        estimate_occlusion_map: generator.has("dense_motion_network.occlusion.weight"),
        ...(dense && { dense_motion_params: dense }),
      },
    },
    assumed: assumptions.list,
  };
}

function inferDenseMotion(generator: Dims, assumptions: Assumptions): Record<string, Json> | undefined {
  const hourglass = inferHourglass(generator, "dense_motion_network.hourglass");
  if (!hourglass) return undefined;
  return {
    ...hourglass,
    scale_factor: inferScale(generator, "dense_motion_network.down.weight", `${DENSE}.scale_factor`, assumptions),
    kp_variance: assumptions.assume(`${DENSE}.kp_variance`, 0.01),
  };
}

/**
 * The scale that an anti-alias kernel belongs to: 2·round(2 (1/scale − 1)) + 1 taps (spec 1.2).
 *
 * At scale 1 there is none.
 */
function inferScale(tensors: Dims, name: string, key: string, assumptions: Assumptions): number {
  const taps = tensors.get(name)?.at(-1);
  if (taps !== undefined) return 1 / (1 + (taps - 1) / 4);
  // Files without counters were stripped by some tool, and then a missing kernel says nothing.
  const complete = [...tensors.keys()].some((tensor) => tensor.endsWith("num_batches_tracked"));
  return complete ? 1 : assumptions.assume(key, 0.25);
}
