import { featuresAt, type HourglassConfig } from "./hourglass.onnx.ts";

/** A tensor that an architecture needs: its name in a checkpoint and its dims. */
export interface TensorSpec {
  readonly name: string;
  readonly dims: readonly number[];
}

/** The tensors of a convolution. */
export function convSpecs(name: string, outputs: number, inputs: number, kernel: number): TensorSpec[] {
  return [
    { name: `${name}.weight`, dims: [outputs, inputs, kernel, kernel] },
    { name: `${name}.bias`, dims: [outputs] },
  ];
}

/** The tensors of a batch norm. */
export function normSpecs(name: string, channels: number): TensorSpec[] {
  return ["weight", "bias", "running_mean", "running_var"].map((leaf) => ({
    name: `${name}.${leaf}`,
    dims: [channels],
  }));
}

/** The tensors of a same, down or up block. */
export function blockSpecs(name: string, outputs: number, inputs: number, kernel = 3): TensorSpec[] {
  return [...convSpecs(`${name}.conv`, outputs, inputs, kernel), ...normSpecs(`${name}.norm`, outputs)];
}

/** The tensors of a residual block. */
export function resSpecs(name: string, channels: number): TensorSpec[] {
  return [
    ...convSpecs(`${name}.conv1`, channels, channels, 3),
    ...convSpecs(`${name}.conv2`, channels, channels, 3),
    ...normSpecs(`${name}.norm1`, channels),
    ...normSpecs(`${name}.norm2`, channels),
  ];
}

/** The tensors of an hourglass. */
export function hourglassSpecs(name: string, config: HourglassConfig, inputs: number): TensorSpec[] {
  const specs: TensorSpec[] = [];
  const widths = [inputs];
  for (let level = 1; level <= config.numBlocks; level++) {
    widths.push(featuresAt(config, level));
    specs.push(...blockSpecs(`${name}.encoder.down_blocks.${level - 1}`, widths[level]!, widths[level - 1]!));
  }
  let channels = widths[config.numBlocks]!;
  for (let block = 0; block < config.numBlocks; block++) {
    const level = config.numBlocks - 1 - block;
    specs.push(...blockSpecs(`${name}.decoder.up_blocks.${block}`, featuresAt(config, level), channels));
    channels = featuresAt(config, level) + widths[level]!;
  }
  return specs;
}
