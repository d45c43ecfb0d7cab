import { convSpecs, type TensorSpec, withDepth } from "@bunraku/backends/layers";
import type { CheckpointConfig, Json, JsonObject } from "@bunraku/checkpoints";
import type { NamedDims } from "./module-tensors.ts";
import { parametersOf } from "./parameters.ts";
import { differenceCount, tensorDifferences } from "./tensor-differences.ts";

/**
 * Whether a checkpoint's discriminator is the one of a configuration. Nothing runs it here; it tells configurations
 * apart that are the same network otherwise.
 *
 * @see spec 1.7, 1M.6
 */
export function discriminatorFits(config: CheckpointConfig, tensors: readonly NamedDims[]): boolean {
  return differenceCount(tensorDifferences(discriminatorSpecs(config), parametersOf(tensors))) === 0;
}

/** The parameters of a discriminator. */
export function discriminatorSpecs({ family, modelParams }: CheckpointConfig): TensorSpec[] {
  const common = section(modelParams.common_params);
  const params = section(modelParams.discriminator_params);
  const channels = number(common.num_channels, 3);
  const keypoints = number(common.num_kp, 0);
  if (family === "monkey-net") {
    return withDepth(patches("", params, channels + keypoints));
  }
  const scales = Array.isArray(params.scales) ? params.scales : [1];
  const inputs = channels + (params.use_kp === true ? keypoints : 0);
  return scales.flatMap((scale) =>
    patches(`discs.${String(scale).replace(".", "-")}.`, params, inputs).map(({ name, dims }) => ({
      name: params.sn === true && name.endsWith("conv.weight") ? `${name}_orig` : name,
      dims,
    })),
  );
}

/** One discriminator of patches: blocks of a convolution and, but for the first, a norm; then one convolution. */
function patches(prefix: string, params: JsonObject, inputs: number): TensorSpec[] {
  const blocks = number(params.num_blocks, 4);
  const most = number(params.max_features, 512);
  const specs: TensorSpec[] = [];
  let channels = inputs;
  for (let block = 0; block < blocks; block++) {
    const outputs = Math.min(most, number(params.block_expansion, 64) * 2 ** (block + 1));
    const name = `${prefix}down_blocks.${block}`;
    specs.push(...convSpecs(`${name}.conv`, outputs, channels, 4));
    if (block > 0) specs.push(...["weight", "bias"].map((leaf) => ({ name: `${name}.norm.${leaf}`, dims: [outputs] })));
    channels = outputs;
  }
  return [...specs, ...convSpecs(`${prefix}conv`, 1, channels, 1)];
}

function section(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function number(value: Json | undefined, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}
