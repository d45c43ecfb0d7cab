/** What turns a correlation of `outputs` results with 3 taps, along one axis, into one product per point. */
export interface Transform {
  /** Outputs of one tile. */
  readonly outputs: TileSide;
  /** From one tile to the next, in samples of the input. */
  readonly step: number;
  /** Samples of the input that one tile reads, the first of them one before its own. */
  readonly window: number;
  /** `[points, window]` */
  readonly input: Matrix;
  /** `[points, 3]` */
  readonly kernel: Matrix;
  /** `[outputs, points]` */
  readonly output: Matrix;
}

/** Outputs of a tile along one axis. */
export type TileSide = 2 | 4;

export type Matrix = readonly (readonly number[])[];

/** Small ones, with their negatives: what they are raised to stays small, and so does rounding. ∞ is always one. */
const points: Readonly<Record<TileSide, readonly number[]>> = {
  2: [0, 1, -1],
  4: [0, 1, -1, 2, -2],
};

/**
 * Minimal filtering F(outputs, 3): outputs + 2 products in place of 3 outputs, by the construction of Toom and Cook.
 *
 * The products are values of polynomials at points; a row of `input` is the polynomial that is zero at all other points.
 *
 * @see Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, section 4; spec 6.2, rows 15 and 16
 */
function minimalFiltering(outputs: TileSide): Transform {
  const at = points[outputs];
  const window = outputs + 2;
  const othersOf = (point: number) => at.filter((other) => other !== point);
  const powers = (point: number, count: number) => Array.from({ length: count }, (_, power) => point ** power);
  return {
    outputs,
    step: outputs,
    window,
    input: [...at.map((point) => [...polynomial(othersOf(point)), 0]), polynomial(at)],
    kernel: [
      ...at.map((point) => {
        const norm = othersOf(point).reduce((product, other) => product * (point - other), 1);
        return powers(point, 3).map((value) => value / norm);
      }),
      [0, 0, 1],
    ],
    output: Array.from({ length: outputs }, (_, row) => [
      ...at.map((point) => point ** row),
      row === outputs - 1 ? 1 : 0,
    ]),
  };
}

/** Coefficients, from the constant one, of the polynomial that is zero at `roots`. */
function polynomial(roots: readonly number[]): number[] {
  let product = [1];
  for (const root of roots) product = [0, ...product].map((value, power) => value - root * (product[power] ?? 0));
  return product;
}

/**
 * The same for an input whose samples stand twice each: x_0 x_0 x_1 x_1 …
 *
 * Its polynomial is (1 + z) x(z²), which is zero at z = -1: the product at that point is always zero, and is left out.
 * That leaves 3 products for 2 outputs (the nine of spec 6.4, in two dimensions), and 5 for 4.
 */
function ofDoubled({ outputs, step, window, input, kernel, output }: Transform): Transform {
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

const plain = { 2: minimalFiltering(2), 4: minimalFiltering(4) };
const doubled = { 2: ofDoubled(plain[2]), 4: ofDoubled(plain[4]) };

/**
 * @param outputs of one tile, along one axis
 * @param options.upsampling For an input whose samples stand twice each: `window` and `step` count each once. @default false
 */
export function transformOf(outputs: TileSide, { upsampling = false }: { upsampling?: boolean } = {}): Transform {
  return (upsampling ? doubled : plain)[outputs];
}

/** `rows ⊗ rows`: the two-dimensional form of a transform's matrix, row-major in both. */
export function squared(rows: Matrix): Float32Array {
  const [height, width] = [rows.length, rows[0]!.length];
  const all = new Float32Array(height * height * width * width);
  let at = 0;
  for (const above of rows) for (const beside of rows) for (const a of above) for (const b of beside) all[at++] = a * b;
  return all;
}
