import type { ConvSite } from "../onnx/passes/conv-forms/conv-site.ts";

/** A convolution as plans know it: what its cost depends on. */
export interface Layer {
  readonly channels: readonly [inputs: number, outputs: number];
  readonly kernel: readonly [height: number, width: number];
  /** Of what it reads; of the small map, where that is doubled first. */
  readonly size: readonly [height: number, width: number];
  readonly doubled: boolean;
}

export function layerOf({ channels, kernel, inputSize, upsampling }: ConvSite): Layer {
  return { channels, kernel, size: inputSize, doubled: upsampling !== undefined };
}

/** "256>128 3x3 64x64 doubled" */
export function layerKey({ channels, kernel, size, doubled }: Layer): string {
  return `${channels.join(">")} ${kernel.join("x")} ${size.join("x")}${doubled ? " doubled" : ""}`;
}

/** The layer of a key; `undefined` for what is none. */
export function parseLayer(key: string): Layer | undefined {
  const parts = /^(\d+)>(\d+) (\d+)x(\d+) (\d+)x(\d+)( doubled)?$/.exec(key);
  if (!parts) return undefined;
  const [inputs, outputs, rows, columns, height, width] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    channels: [inputs, outputs],
    kernel: [rows, columns],
    size: [height, width],
    doubled: parts[7] !== undefined,
  };
}

/**
 * How unlike two layers are: by how many times their channels and their pixels differ, as a sum of logarithms.
 *
 * Infinite between different kernels, and between doubled maps and others: they have other forms.
 */
export function distance(a: Layer, b: Layer): number {
  if (`${a.kernel}` !== `${b.kernel}` || a.doubled !== b.doubled) return Number.POSITIVE_INFINITY;
  const times = (x: number, y: number) => Math.abs(Math.log2(x / y));
  return (
    times(a.channels[0], b.channels[0]) +
    times(a.channels[1], b.channels[1]) +
    times(a.size[0] * a.size[1], b.size[0] * b.size[1])
  );
}
