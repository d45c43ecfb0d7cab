import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import type { TransferOptions } from "../transfer-motion/transfer-motion.ts";

interface GoldenKeypoints {
  readonly value: readonly number[];
  readonly jacobian?: readonly number[];
}

/** What PyTorch gave for one mode; maps at the listed (y, x). */
export interface GoldenMode {
  readonly kp_norm: GoldenKeypoints;
  readonly mask: readonly (readonly number[])[];
  readonly mask_points_yx: readonly (readonly [number, number])[];
  readonly deformation: readonly (readonly [number, number])[];
  readonly sparse_deformed_k0_k1: readonly (readonly number[])[];
}

export type GoldenFile = {
  readonly config: { generator_params: { dense_motion_params: { scale_factor: number } } };
  readonly size: number;
  readonly kp_source: GoldenKeypoints;
  readonly kp_initial: GoldenKeypoints;
  readonly kp_driving: GoldenKeypoints;
} & { readonly [mode in `${Mode}_ac${0 | 1}`]: GoldenMode };

export const fixtures = ["fomm_tiny", "fomm_tiny_half", "fomm_tiny_single", "fomm_tiny_zero", "fomm_vox256"] as const;

export type Mode = "abs" | "rel" | "rel_adapt";

/** How upstream's modes are said here. */
export const modes: Record<Mode, TransferOptions> = {
  abs: { movement: "absolute" },
  rel: { movement: "relative" },
  rel_adapt: { movement: "relative", adaptScale: true },
};

export function readGolden(name: (typeof fixtures)[number]): GoldenFile {
  return JSON.parse(readFileSync(new URL(`../../../../fixtures/golden/${name}.json`, import.meta.url), "utf8"));
}

export function keypointsOf({ value, jacobian }: GoldenKeypoints): Keypoints {
  const count = value.length / 2;
  return {
    points: tensor("float32", Float32Array.from(value), [count, 2]),
    ...(jacobian && { jacobians: tensor("float32", Float32Array.from(jacobian), [count, 2, 2]) }),
  };
}
