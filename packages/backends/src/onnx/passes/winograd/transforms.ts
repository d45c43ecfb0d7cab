/** What turns a correlation of `size` outputs with 3 taps, along one axis, into one product per point. */
export interface Transform {
  /** Outputs of one tile. */
  readonly outputs: number;
  /** From one tile to the next, in samples of the input. */
  readonly step: number;
  /** Samples of the input that one tile reads, the first of them one before its own. */
  readonly window: number;
  /** `[points, window]` */
  readonly input: readonly (readonly number[])[];
  /** `[points, 3]` */
  readonly kernel: readonly (readonly number[])[];
  /** `[outputs, points]` */
  readonly output: readonly (readonly number[])[];
}

/**
 * Minimal filtering F(2, 3), points 0, 1, -1 and ∞: 4 products for 2 outputs.
 *
 * @see Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, section 4.1
 */
const two: Transform = {
  outputs: 2,
  step: 2,
  window: 4,
  input: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, -1, 0, 1],
  ],
  kernel: [
    [1, 0, 0],
    [1 / 2, 1 / 2, 1 / 2],
    [1 / 2, -1 / 2, 1 / 2],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 0],
    [0, 1, -1, 1],
  ],
};

/** F(4, 3), points 0, 1, -1, 2, -2 and ∞: 6 products for 4 outputs. @see the same, section 4.3 */
const four: Transform = {
  outputs: 4,
  step: 4,
  window: 6,
  input: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  kernel: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
};

/**
 * The same for an input whose samples stand twice each: x_0 x_0 x_1 x_1 …
 *
 * Its polynomial is (1 + z) x(z²), which is zero at z = -1: the product at that point is always zero, and is left out.
 * That leaves 3 products for 2 outputs (the nine of spec 6.4, in two dimensions), and 5 for 4.
 */
function upsampled({ outputs, step, window, input, kernel, output }: Transform): Transform {
  // A tile begins with its first sample's first half, and reads one before: the second half of the sample before.
  const small = window / 2 + 1;
  const folded = input.map((row) => {
    const sums = new Array<number>(small).fill(0);
    for (const [at, value] of row.entries()) sums[Math.floor((at + 1) / 2)]! += value;
    return sums;
  });
  const left = [...folded.keys()].filter((point) => folded[point]!.some((value) => value !== 0));
  return {
    outputs,
    step: step / 2,
    window: small,
    input: left.map((point) => folded[point]!),
    kernel: left.map((point) => kernel[point]!),
    output: output.map((row) => left.map((point) => row[point]!)),
  };
}

const plain = { 2: two, 4: four };
const doubled = { 2: upsampled(two), 4: upsampled(four) };

/** @param outputs of one tile, along one axis */
export function transformOf(outputs: 2 | 4, { upsampling = false }: { upsampling?: boolean } = {}): Transform {
  return (upsampling ? doubled : plain)[outputs];
}

/** `rows ⊗ rows`: the two-dimensional form of a transform's matrix, row-major in both. */
export function squared(rows: readonly (readonly number[])[]): Float32Array {
  const [height, width] = [rows.length, rows[0]!.length];
  const all = new Float32Array(height * height * width * width);
  let at = 0;
  for (const above of rows) for (const beside of rows) for (const a of above) for (const b of beside) all[at++] = a * b;
  return all;
}
