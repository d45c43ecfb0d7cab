import type { ConvForm } from "../conv-forms/conv-form.ts";
import { repeated } from "../conv-forms/repeated.ts";

/**
 * Convolutions with few outputs, row by row of their kernels: first a convolution along x with an output per row of each
 * kernel, then their sum along y.
 *
 * About as many products, but as a matrix with k times the rows, which runtimes multiply far better: they compute outputs
 * by blocks of 8 or 16, and a picture has 3.
 *
 * @see spec 6.7
 */
export const kernelRows: ConvForm = {
  fits: ({ upsampling, kernel, channels }) => !upsampling && kernel[0] > 1 && channels[1] < 16,
  products: ({ batch, channels: [inputs, outputs], kernel: [rows, columns], inputSize, outputSize }) =>
    batch * outputs * outputSize[1] * (rows * inputs * columns * inputSize[0] + rows ** 2 * outputSize[0]),
  write: (site, writer) => {
    const { batch, channels, kernel, pads, inputSize, outputSize, weight, bias } = site;
    const [inputs, outputs] = channels;
    const [rows, columns] = kernel;
    const flat = writer.own("rows", [outputs * rows, inputs, 1, columns], rowsFirst(weight.data, channels, kernel));
    const along = writer.node("Conv", [site.input, flat], [batch, outputs * rows, inputSize[0], outputSize[1]], {
      kernel_shape: [1, columns],
      pads: [0, pads[1], 0, pads[3]],
    });
    // Output y is the sum of row r's result at y + r: a kernel of ones on its diagonal.
    const diagonal = Float32Array.from({ length: rows * rows }, (_, at) => (at % (rows + 1) === 0 ? 1 : 0));
    const sum = writer.shared(`kernel_rows.${outputs}.${rows}`, [outputs, rows, rows, 1], () =>
      repeated(diagonal, outputs),
    );
    writer.finish("Conv", [along, sum, ...(bias ? [bias.name] : [])], {
      kernel_shape: [rows, 1],
      pads: [pads[0], 0, pads[2], 0],
      group: outputs,
    });
  },
};

/** `[O, I, h, w]` → `[O, h, I, w]` */
function rowsFirst(
  weight: Float32Array,
  [inputs, outputs]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): Float32Array {
  const all = new Float32Array(weight.length);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let row = 0; row < rows; row++) {
        const from = ((output * inputs + input) * rows + row) * columns;
        all.set(weight.subarray(from, from + columns), ((output * rows + row) * inputs + input) * columns);
      }
    }
  }
  return all;
}
