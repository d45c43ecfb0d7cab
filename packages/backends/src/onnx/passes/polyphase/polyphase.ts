import type { ConvForm } from "../conv-forms/conv-form.ts";

/** What the three taps along an axis come to on the small map, for even and odd outputs: `[phase][tap of 2][tap of 3]`. */
const folds = [
  [
    [1, 0, 0],
    [0, 1, 1],
  ],
  [
    [1, 1, 0],
    [0, 0, 1],
  ],
] as const;

/**
 * 3×3 convolutions of a doubled map, as four 2×2 convolutions of the small one, one per phase of the output.
 *
 * 4 products per output in place of 9, and the doubled map is never made.
 *
 * @see spec 6.4
 */
export const polyphase: ConvForm = {
  fits: ({ upsampling, kernel, pads }) => upsampling !== undefined && `${kernel}` === "3,3" && `${pads}` === "1,1,1,1",
  products: ({ batch, channels: [inputs, outputs], inputSize: [height, width] }) =>
    batch * 16 * inputs * outputs * height * width,
  write: ({ batch, channels: [inputs, outputs], input, inputSize: [height, width], weight, bias }, writer) => {
    const summand = bias ? [bias.name] : [];
    const phases = [0, 1].flatMap((down) =>
      [0, 1].map((right) => {
        const kernel = foldKernel(weight.data, inputs * outputs, down as 0 | 1, right as 0 | 1);
        const folded = writer.own(`phase_${down}${right}`, [outputs, inputs, 2, 2], kernel);
        return writer.node("Conv", [input, folded, ...summand], [batch, outputs, height, width], {
          kernel_shape: [2, 2],
          pads: [1 - down, 1 - right, down, right],
        });
      }),
    );
    const all = writer.node("Concat", phases, [batch, 4 * outputs, height, width], { axis: 1 });
    writer.finish("DepthToSpace", [all], { blocksize: 2, mode: "DCR" });
  },
};

/**
 * R w Rᵀ: what a kernel comes to on the small map, for one phase of the output. Computed in float64.
 *
 * @param weight `[O, I, 3, 3]`, of which `pairs` is O · I
 * @param down row of the phase: 0 for even outputs, 1 for odd ones; `right` its column
 * @returns `[O, I, 2, 2]`
 */
export function foldKernel(weight: Float32Array, pairs: number, down: 0 | 1, right: 0 | 1): Float32Array {
  const folded = new Float32Array(pairs * 4);
  for (let pair = 0; pair < pairs; pair++) {
    for (const [row, rows] of folds[down].entries()) {
      for (const [column, columns] of folds[right].entries()) {
        let sum = 0;
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) sum += rows[i]! * columns[j]! * weight[pair * 9 + i * 3 + j]!;
        folded[pair * 4 + row * 2 + column] = sum;
      }
    }
  }
  return folded;
}
