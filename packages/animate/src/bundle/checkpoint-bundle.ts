import { type ByteSource, parseConfig, readCheckpoint } from "@bunraku/checkpoints";
import { bundleOf, type ModelBundle } from "./model-bundle.ts";
import { transferDefaults } from "./transfer-defaults.ts";

/** What a checkpoint does not say of itself. */
export interface CheckpointBundleOptions {
  /** For messages: the configuration's file name. */
  readonly configName?: string;
  /**
   * How the model samples. @default true: the published checkpoints were trained so (spec 1.8); running upstream's code
   * on a newer PyTorch samples with false.
   */
  readonly alignCorners?: boolean;
  readonly signal?: AbortSignal;
}

/** Frames of a configuration that names no size: upstream's demo of FOMM knows no other, Monkey-Net's loader defaults to it. */
const defaultFrameShape = { fomm: [256, 256], "monkey-net": [64, 64] } as const;

/**
 * Opens an official checkpoint with its yaml configuration as a bundle.
 *
 * @param checkpoint `.pth.tar`; borrowed, also until the weights are loaded
 * @param config text of the yaml file
 * @throws `MODEL`, `UNSUPPORTED`, `signal.reason`
 */
export async function openCheckpoint(
  checkpoint: ByteSource,
  config: string,
  { configName = "config.yaml", alignCorners = true, signal }: CheckpointBundleOptions = {},
): Promise<ModelBundle> {
  const parsed = parseConfig(config, configName);
  const { family, modelParams } = parsed;
  const [height, width] = parsed.frameShape ?? defaultFrameShape[family];
  const transfer = transferDefaults(parsed);
  const { modules } = await readCheckpoint(checkpoint, {
    modules: ["kp_detector", "generator"],
    ...(signal && { signal }),
  });
  const name = checkpoint.name.replace(/\.(pth\.tar|pth|tar|pt)$/, "");
  return bundleOf(
    {
      formatVersion: 1,
      name,
      family,
      modelParams,
      frameSize: [height, width],
      alignCorners,
      ...(transfer && { transfer }),
    },
    { kp_detector: modules.get("kp_detector")!, generator: modules.get("generator")! },
    checkpoint.name,
  );
}
