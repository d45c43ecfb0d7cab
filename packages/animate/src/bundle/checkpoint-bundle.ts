import { BunrakuError } from "@bunraku/backends";
import { type ByteSource, parseConfig, readCheckpoint } from "@bunraku/checkpoints";
import { bundleOf, type ModelBundle } from "./model-bundle.ts";

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
  const { family, modelParams, frameShape } = parseConfig(config, configName);
  if (family !== "fomm") {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${configName}: this is a Monkey-Net configuration; this version animates first-order models only.`,
    );
  }
  const [height, width] = frameShape ?? [256, 256]; // upstream's demo knows no other size
  const { modules } = await readCheckpoint(checkpoint, {
    modules: ["kp_detector", "generator"],
    ...(signal && { signal }),
  });
  const name = checkpoint.name.replace(/\.(pth\.tar|pth|tar|pt)$/, "");
  return bundleOf(
    { formatVersion: 1, name, family, modelParams, frameSize: [height, width], alignCorners },
    { kp_detector: modules.get("kp_detector")!, generator: modules.get("generator")! },
    checkpoint.name,
  );
}
