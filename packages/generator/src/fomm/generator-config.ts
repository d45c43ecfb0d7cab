import { blockSpecs, convSpecs, featuresAt, resSpecs, type TensorSpec } from "@bunraku/backends/layers";

/** What a checkpoint's `generator_params` and `common_params` say about the generator (spec 1.6, 3.1). */
export interface FommGeneratorConfig {
  readonly numChannels: number;
  readonly blockExpansion: number;
  readonly maxFeatures: number;
  readonly numDownBlocks: number;
  readonly numBottleneckBlocks: number;
}

/** The tensors of the generator without its dense motion network, as module `generator` of a checkpoint names them. */
export function fommGeneratorSpecs(config: FommGeneratorConfig): TensorSpec[] {
  const { numChannels, numDownBlocks, numBottleneckBlocks } = config;
  const widths = Array.from({ length: numDownBlocks + 1 }, (_, level) => featuresAt(config, level));
  return [
    ...blockSpecs("first", widths[0]!, numChannels, 7),
    ...widths.slice(1).flatMap((width, i) => blockSpecs(`down_blocks.${i}`, width, widths[i]!)),
    ...widths.slice(1).flatMap((_, i) => {
      const level = numDownBlocks - i;
      return blockSpecs(`up_blocks.${i}`, widths[level - 1]!, widths[level]!);
    }),
    ...Array.from({ length: numBottleneckBlocks }, (_, i) =>
      resSpecs(`bottleneck.r${i}`, widths[numDownBlocks]!),
    ).flat(),
    ...convSpecs("final", numChannels, widths[0]!, 7),
  ];
}
