import type { Attribute } from "../../graph.ts";
import { repeated } from "../conv-forms/repeated.ts";
import { foldKernel } from "../polyphase/polyphase.ts";

/**
 * A convolution written so that integer kernels do less for it, with the same result: it gives `block` × `block` pixels at
 * a time, as channels (row, column, channel), of a picture that is `margin` pixels larger on every side.
 */
export interface LayerForm {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Of the weights. */
  readonly dims: readonly [outputs: number, inputs: number, height: number, width: number];
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly block: number;
  readonly margin: number;
}

/** What a form is made of. */
export interface PlainConvolution {
  /** `[O, I, k, k]` */
  readonly dims: readonly number[];
  readonly weights: Float32Array;
  /** `[O]` */
  readonly bias: Float32Array;
}

/**
 * nearest ×2 → 3 × 3 convolution, as one 2 × 2 convolution on the small picture: of nine neighbours of a pixel there are
 * only four that differ, so 4/9 of the products are left.
 *
 * @returns A form with a margin of 1: blocks begin at odd pixels.
 */
export function upsampledForm({ dims, weights, bias }: PlainConvolution): LayerForm {
  const [outputs, inputs] = dims as [number, number];
  const pairs = outputs * inputs;
  const folded = new Float32Array(4 * pairs * 4);
  // Blocks begin at odd pixels, so that their first row (or column) is that of odd outputs.
  for (const [row, down] of [1, 0].entries())
    for (const [column, right] of [1, 0].entries())
      folded.set(foldKernel(weights, pairs, down as 0 | 1, right as 0 | 1), (2 * row + column) * pairs * 4);
  return {
    attributes: { kernel_shape: [2, 2], pads: [1, 1, 1, 1], strides: [1, 1] },
    dims: [4 * outputs, inputs, 2, 2],
    weights: folded,
    bias: repeated(bias, 4),
    block: 2,
    margin: 1,
  };
}

/**
 * A convolution with few output channels, by blocks of pixels: kernels compute 16 or more output channels at a time, and
 * neighbouring pixels read nearly the same.
 *
 * @param padding (k - 1) / 2 on every side
 */
export function blockForm({ dims, weights, bias }: PlainConvolution, block: number, padding: number): LayerForm {
  const [outputs, inputs, kernel] = dims as [number, number, number];
  const side = kernel + block - 1;
  const spread = new Float32Array(block * block * outputs * inputs * side * side);
  for (let pixel = 0; pixel < block * block; pixel++) {
    const [row, column] = [Math.floor(pixel / block), pixel % block];
    for (let pair = 0; pair < outputs * inputs; pair++) {
      for (let i = 0; i < kernel; i++) {
        const from = (pair * kernel + i) * kernel;
        const to = ((pixel * outputs * inputs + pair) * side + i + row) * side + column;
        spread.set(weights.subarray(from, from + kernel), to);
      }
    }
  }
  return {
    attributes: {
      kernel_shape: [side, side],
      pads: [padding, padding, padding, padding],
      strides: [block, block],
    },
    dims: [block * block * outputs, inputs, side, side],
    weights: spread,
    bias: repeated(bias, block * block),
    block,
    margin: 0,
  };
}
