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
  return [
    ...encoderSpecs(`${name}.encoder`, config, inputs),
    ...decoderSpecs(`${name}.decoder`, config, levelChannels(config, inputs)),
  ];
}

/** Channels of every level of an encoder, from its input on. */
export function levelChannels(config: HourglassConfig, inputs: number): number[] {
  return Array.from({ length: config.numBlocks + 1 }, (_, level) => (level === 0 ? inputs : featuresAt(config, level)));
}

/** The tensors of an encoder. */
export function encoderSpecs(name: string, config: HourglassConfig, inputs: number): TensorSpec[] {
  const widths = levelChannels(config, inputs);
  return widths.slice(1).flatMap((width, level) => blockSpecs(`${name}.down_blocks.${level}`, width, widths[level]!));
}

/**
 * The tensors of a decoder.
 *
 * @param levels channels of the levels that it reads, the input's first
 */
export function decoderSpecs(name: string, config: HourglassConfig, levels: readonly number[]): TensorSpec[] {
  const specs: TensorSpec[] = [];
  let channels = levels[config.numBlocks]!;
  for (let level = config.numBlocks - 1; level >= 0; level--) {
    const block = `${name}.up_blocks.${config.numBlocks - 1 - level}`;
    specs.push(...blockSpecs(block, featuresAt(config, level), channels));
    channels = featuresAt(config, level) + levels[level]!;
  }
  return specs;
}

/** Specs of 2-D convolutions, as a system of 3-D convolutions of depth 1 stores them (spec 1M): `[O, I, 1, k, k]`. */
export function withDepth(specs: readonly TensorSpec[]): TensorSpec[] {
  return specs.map(({ name, dims }) => {
    if (dims.length !== 4) return { name, dims };
    const [outputs, inputs, height, width] = dims as [number, number, number, number];
    return { name, dims: [outputs, inputs, 1, height, width] };
  });
}
