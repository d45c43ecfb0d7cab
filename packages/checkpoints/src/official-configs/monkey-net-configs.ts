import type { JsonObject } from "../config/json.ts";

const clipped = { clip_variance: 0.001 };
const relative = { move_location: true, movement_mult: false, adapt_variance: false };

/**
 * The configurations of the Monkey-Net repository, with upstream's keys: what a model needs to run, and the
 * discriminator. Where one has no `image_shape`, upstream takes 64 × 64.
 *
 * @see spec 3.2
 */
export const monkeyNetConfigs = {
  actions: monkeyNet({ image: 64, transfer: { ...relative, clip_mean: false } }),
  bair: monkeyNet({ detector: clipped, norm: "sum" }),
  "moving-gif": monkeyNet({
    image: 128,
    features: 1024,
    blocks: 6,
    detector: { scale_factor: 0.5, ...clipped },
    dense: { scale_factor: 0.5 },
    mask: { use_difference: true },
    embedding: { scale_factor: 0.5 },
    transfer: { move_location: false },
  }),
  nemo: monkeyNet({ detector: clipped }),
  shapes: monkeyNet({ keypoints: 4, expansion: 16, features: 128, groups: {}, norm: 10 }),
  taichi: monkeyNet({ features: 1024, detector: clipped }),
  "vox-full": vox({ detector: 1, embedding: 0.25 }),
  vox: vox({ detector: 0.25, embedding: 0.25 }),
};

/** The two differ in the scale at which keypoints and motion are predicted. */
function vox(scale: { readonly detector: number; readonly embedding: number }): JsonObject {
  return monkeyNet({
    image: 256,
    features: 1024,
    blocks: 7,
    detector: { scale_factor: scale.detector, ...clipped },
    generator: { interpolation_mode: "trilinear" },
    dense: { scale_factor: scale.detector },
    embedding: { scale_factor: scale.embedding },
  });
}

interface Differences {
  readonly image?: number;
  readonly keypoints?: number;
  /** `block_expansion` and `max_features` of the three networks. */
  readonly expansion?: number;
  readonly features?: number;
  /** Of the generator. */
  readonly blocks?: number;
  readonly norm?: number | "sum";
  readonly detector?: JsonObject;
  readonly generator?: JsonObject;
  readonly dense?: JsonObject;
  readonly groups?: JsonObject;
  readonly mask?: JsonObject;
  readonly embedding?: JsonObject;
  readonly transfer?: JsonObject;
}

function monkeyNet({
  image,
  keypoints = 10,
  expansion = 32,
  features = 512,
  blocks = 5,
  norm = 100,
  detector = {},
  generator = {},
  dense = {},
  groups = { num_group_blocks: 2 },
  mask = {},
  embedding = {},
  transfer = relative,
}: Differences): JsonObject {
  const size = { block_expansion: expansion, max_features: features };
  const heatmap = { use_heatmap: true, heatmap_type: "difference", norm_const: norm };
  return {
    dataset_params: image === undefined ? {} : { image_shape: [image, image, 3] },
    model_params: {
      common_params: { num_kp: keypoints, kp_variance: "matrix", num_channels: 3 },
      kp_detector_params: { temperature: 0.1, ...size, num_blocks: 5, ...detector },
      generator_params: {
        ...size,
        num_blocks: blocks,
        num_refinement_blocks: 4,
        ...generator,
        dense_motion_params: {
          ...size,
          num_blocks: 5,
          use_mask: true,
          use_correction: true,
          ...dense,
          mask_embedding_params: { ...heatmap, use_deformed_source_image: true, ...mask },
          ...groups,
        },
        kp_embedding_params: { ...heatmap, ...embedding },
      },
      discriminator_params: {
        kp_embedding_params: { norm_const: norm },
        block_expansion: 32,
        max_features: 256,
        num_blocks: 4,
      },
    },
    transfer_params: { normalization_params: transfer },
  };
}
