import type { Family } from "@bunraku/checkpoints";
import type { Size } from "@bunraku/warp";

/** A small model that goes through every stage of its family. */
export interface ProofModel {
  readonly modelParams: unknown;
  /** In pixels. Sides differ, so that one taken for the other shows. */
  readonly size: Size;
}

const size: Size = { height: 24, width: 32 };
const small = { block_expansion: 8, max_features: 16, num_blocks: 1 };
const heat = { use_heatmap: true, heatmap_type: "difference", norm_const: 10 };

/**
 * The models that backends are proved with: jacobians and occlusion; covariances, embeddings and correction; hourglasses,
 * bottleneck and refinement. As few nodes as there can be with all of those, for they are compiled whenever a program
 * starts. Weights and pictures are procedural.
 *
 * They are those of `fixtures/golden/fomm_tiny_proof.json` and `monkey_tiny_proof.json`, which a test holds their stored
 * numbers to: those were computed in double precision, on PyTorch, by a program that shares nothing with these packages.
 */
export const proofModels: Readonly<Record<Family, ProofModel>> = {
  fomm: {
    size,
    modelParams: {
      common_params: { num_kp: 3, num_channels: 3, estimate_jacobian: true },
      kp_detector_params: { ...small, temperature: 0.1, scale_factor: 0.5 },
      generator_params: {
        block_expansion: 8,
        max_features: 16,
        num_down_blocks: 1,
        num_bottleneck_blocks: 1,
        estimate_occlusion_map: true,
        dense_motion_params: { ...small, scale_factor: 0.5 },
      },
    },
  },
  "monkey-net": {
    size,
    modelParams: {
      common_params: { num_kp: 3, kp_variance: "matrix", num_channels: 3 },
      kp_detector_params: { ...small, temperature: 0.4, scale_factor: 0.5, clip_variance: 0.001 },
      generator_params: {
        ...small,
        num_refinement_blocks: 1,
        dense_motion_params: {
          ...small,
          use_mask: true,
          use_correction: true,
          scale_factor: 0.5,
          num_group_blocks: 1,
          mask_embedding_params: { ...heat, use_deformed_source_image: true, use_difference: true },
        },
        kp_embedding_params: { ...heat, scale_factor: 0.5 },
      },
    },
  },
};
