/** A convolution's constants as integers. */
export interface QuantizedWeights {
  /** -127 … 127, in the order of the weights. */
  readonly weights: Int8Array;
  /** One per output channel: weight = scale · integer. */
  readonly scales: Float32Array;
  /** In units of input scale times weight scale, as accumulators are. */
  readonly bias: Int32Array;
}

/** Sums of products are 32 bits; half of that is left to the products. */
const largestBias = 2 ** 30;

/**
 * Quantises weights symmetrically, each output channel by its largest.
 *
 * Weights that have been quantised so before, and were multiplied by a factor per channel since, give the same integers.
 *
 * @param weights `[O, …]`
 * @param bias `[O]`
 * @param inputScale of what the convolution reads
 */
export function quantizeWeights(weights: Float32Array, bias: Float32Array, inputScale: number): QuantizedWeights {
  const channels = bias.length;
  const row = weights.length / channels;
  const integers = new Int8Array(weights.length);
  const scales = new Float32Array(channels);
  const offsets = new Int32Array(channels);
  for (let c = 0; c < channels; c++) {
    const from = c * row;
    let largest = 0;
    for (let i = from; i < from + row; i++) largest = Math.max(largest, Math.abs(weights[i]!));
    // A channel of tiny weights beside a large bias: coarser weights, so that the bias can be written.
    const needed = Math.abs(bias[c]!) / (inputScale * largestBias);
    const scale = Math.fround(Math.max(largest / 127, needed)) || 1;
    for (let i = from; i < from + row; i++) integers[i] = Math.round(weights[i]! / scale);
    scales[c] = scale;
    offsets[c] = Math.round(bias[c]! / (inputScale * scale));
  }
  return { weights: integers, scales, bias: offsets };
}
