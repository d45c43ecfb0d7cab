import {
  type ByteSource,
  type CheckpointConfig,
  defaultFrameShapes,
  parseConfig,
  readCheckpoint,
} from "@bunraku/checkpoints";
import { architectureOf } from "../models/architecture.ts";
import { configOfTensors } from "./config-of-tensors.ts";
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

/**
 * Opens an official checkpoint as a bundle.
 *
 * @param checkpoint `.pth.tar`; borrowed, also until the weights are loaded
 * @param config text of its yaml file, or what `parseConfig` or `officialConfig` give @default the official
 * configuration that its tensors fit, when there is only one network that they can be
 * @throws `MODEL`, `UNSUPPORTED`, `signal.reason`
 */
export async function openCheckpoint(
  checkpoint: ByteSource,
  config?: string | CheckpointConfig,
  { configName = "config.yaml", alignCorners = true, signal }: CheckpointBundleOptions = {},
): Promise<ModelBundle> {
  const given = typeof config === "string" ? parseConfig(config, configName) : config;
  const { modules } = await readCheckpoint(checkpoint, {
    modules: ["kp_detector", "generator"],
    ...(signal && { signal }),
  });
  const { family, modelParams, frameShape, ...parsed } = given ?? configOfTensors(modules, checkpoint.name);
  const [height, width] = frameShape ?? defaultFrameShapes[family];
  const transfer = transferDefaults({ family, modelParams, ...parsed });
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
    architectureOf(family, modelParams).specs,
    { kp_detector: modules.get("kp_detector")!, generator: modules.get("generator")! },
    checkpoint.name,
  );
}
