import type { Family } from "@bunraku/checkpoints";
import type { Size } from "@bunraku/warp";

/** A small model that goes through every stage of its family. */
export interface ProofModel {
  readonly modelParams: unknown;
  /** In pixels. Sides differ, so that one taken for the other shows. */
  readonly size: Size;
}

const size: Size = { height: 24, width: 32 };

/**
 * The models that backends are proved with: jacobians and occlusion; covariances, embeddings and correction; hourglasses
 * in all their parts. Weights and pictures are procedural.
 *
 * They are those of `fixtures/golden/fomm_tiny_whole.json` and `monkey_tiny_whole.json`, which a test holds their stored
 * numbers to: those were computed in double precision by a program that shares nothing with these packages.
 */
export const proofModels: Readonly<Record<Family, ProofModel>> = {
  fomm: {
    size,
    modelParams: {
      common_params: { num_kp: 4, num_channels: 3, estimate_jacobian: true },
      kp_detector_params: { temperature: 0.1, block_expansion: 8, max_features: 32, scale_factor: 0.5, num_blocks: 2 },
      generator_params: {
        block_expansion: 8,
        max_features: 24,
        num_down_blocks: 2,
        num_bottleneck_blocks: 2,
        estimate_occlusion_map: true,
        dense_motion_params: { block_expansion: 8, max_features: 32, num_blocks: 2, scale_factor: 0.5 },
      },
    },
  },
  "monkey-net": {
    size,
    modelParams: {
      common_params: { num_kp: 3, kp_variance: "matrix", num_channels: 3 },
      kp_detector_params: {
        temperature: 0.2,
        block_expansion: 10,
        max_features: 24,
        num_blocks: 3,
        scale_factor: 1,
        clip_variance: 0.001,
      },
      generator_params: {
        block_expansion: 8,
        max_features: 32,
        num_blocks: 3,
        num_refinement_blocks: 2,
        dense_motion_params: {
          block_expansion: 8,
          max_features: 32,
          num_blocks: 2,
          use_mask: true,
          use_correction: true,
          scale_factor: 0.5,
          num_group_blocks: 2,
          mask_embedding_params: {
            use_heatmap: true,
            heatmap_type: "difference",
            norm_const: 10,
            use_deformed_source_image: true,
            use_difference: true,
          },
        },
        kp_embedding_params: { scale_factor: 0.5, use_heatmap: true, heatmap_type: "difference", norm_const: 10 },
      },
    },
  },
};
