import { type KnownGraph, known } from "./known-graph.ts";

/**
 * A convolution of 6 channels to 4: onnxruntime-web 1.30.0 gets it wrong on WebGPU, as all with a multiple of 3, but not of
 * 4, that is above 3, to a multiple of 4.
 *
 * Each input channel is a picture of its own number, and each output takes two of them by a corner and the middle.
 */
export function sixChannels(): KnownGraph {
  const [height, width, inputs, outputs] = [2, 2, 6, 4];
  const feed = Array.from({ length: inputs * height * width }, (_, i) => i + 1);
  // Output o: the middle of channel o, and ten times the middle of channel o + 2.
  const taps = Array.from({ length: outputs * inputs * 9 }, (_, at) => {
    const [output, input, tap] = [Math.floor(at / (inputs * 9)), Math.floor(at / 9) % inputs, at % 9];
    if (tap !== 4) return 0;
    return input === output ? 1 : input === output + 2 ? 10 : 0;
  });
  const answer = Array.from({ length: outputs * height * width }, (_, i) => i + 1 + 10 * (i + 1 + 2 * height * width));
  return known(
    "conv of 6 channels",
    [feed, [1, inputs, height, width]],
    [answer, [1, outputs, height, width]],
    (g, x) =>
      g.node("Conv", [x, g.floats(taps, [outputs, inputs, 3, 3])], [1, outputs, height, width], {
        kernel_shape: [3, 3],
        pads: [1, 1, 1, 1],
      }),
  );
}
