type Dims = ReadonlyMap<string, readonly number[]>;

// Each level halves its input: no frame has sides for more.
const MOST_LEVELS = 16;

/** Outputs of the convolutions `<name>.0.conv`, `<name>.1.conv`, … */
export function convOutputs(tensors: Dims, name: string): number[] {
  const outputs: number[] = [];
  while (outputs.length < MOST_LEVELS) {
    const dims = tensors.get(`${name}.${outputs.length}.conv.weight`);
    if (!dims?.[0]) break;
    outputs.push(dims[0]);
  }
  return outputs;
}

/** How many of `<name>0`, `<name>1`, … there are, told by a tensor of each. */
export function blockCount(tensors: Dims, name: string, leaf: string): number {
  let count = 0;
  while (tensors.has(`${name}${count}.${leaf}`)) count++;
  return count;
}

/**
 * `block_expansion` and `max_features` from the channels of levels 0, 1, …: min(max, expansion · 2^level).
 *
 * @param usual the maximum where no level reaches it; any would be the same network
 */
export function inferFeatures(
  channels: readonly number[],
  usual: number,
): { block_expansion: number; max_features: number } | undefined {
  const [first, last] = [channels[0], channels.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const reached = last < first * 2 ** (channels.length - 1);
  return { block_expansion: first, max_features: reached ? last : Math.max(usual, last) };
}

/** The three numbers of an hourglass. */
export function inferHourglass(
  tensors: Dims,
  name: string,
): { block_expansion: number; max_features: number; num_blocks: number } | undefined {
  const down = convOutputs(tensors, `${name}.encoder.down_blocks`);
  const up = convOutputs(tensors, `${name}.decoder.up_blocks`);
  if (down.length === 0 || up.length !== down.length) return undefined;
  const features = inferFeatures([up.at(-1)!, ...down], 1024);
  return features && { ...features, num_blocks: down.length };
}
