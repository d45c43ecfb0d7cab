import type { JsonObject } from "../config/json.ts";

/**
 * The configurations of the first-order-model repository, with upstream's keys: what a model needs to run, and the
 * discriminator, which tells some checkpoints apart.
 *
 * @see spec 3.1
 */
export const fommConfigs = {
  "bair-256": fomm({ discriminator: { sn: true } }),
  "fashion-256": fomm(),
  "mgif-256": fomm({ detector: { single_jacobian_map: true }, discriminator: { sn: true } }),
  "nemo-256": fomm({ discriminator: { sn: true } }),
  "taichi-256": fomm(),
  "taichi-adv-256": fomm({ discriminator: { use_kp: true } }),
  "vox-256": fomm({ discriminator: { sn: true } }),
  "vox-adv-256": fomm({ discriminator: { use_kp: true } }),
};

interface Differences {
  readonly detector?: JsonObject;
  readonly discriminator?: JsonObject;
}

function fomm({ detector = {}, discriminator = {} }: Differences = {}): JsonObject {
  return {
    dataset_params: { frame_shape: [256, 256, 3] },
    model_params: {
      common_params: { num_kp: 10, num_channels: 3, estimate_jacobian: true },
      kp_detector_params: {
        temperature: 0.1,
        block_expansion: 32,
        max_features: 1024,
        scale_factor: 0.25,
        num_blocks: 5,
        ...detector,
      },
      generator_params: {
        block_expansion: 64,
        max_features: 512,
        num_down_blocks: 2,
        num_bottleneck_blocks: 6,
        estimate_occlusion_map: true,
        dense_motion_params: { block_expansion: 64, max_features: 1024, num_blocks: 5, scale_factor: 0.25 },
      },
      discriminator_params: { scales: [1], block_expansion: 32, max_features: 512, num_blocks: 4, ...discriminator },
    },
    animate_params: {
      normalization_params: { adapt_movement_scale: false, use_relative_movement: true, use_relative_jacobian: true },
    },
  };
}
