import { float } from "../onnx/graph.ts";
import { sixChannels } from "./channel-graphs.ts";
import { type KnownGraph, known, upTo } from "./known-graph.ts";

/** Every kind of convolution that the networks have, with what stands around it. */
export function convolutionGraphs(): KnownGraph[] {
  return [
    known(
      "conv, batch normalization, relu",
      [upTo(9), [1, 1, 3, 3]],
      [
        [0, 2, 0, 8, 26, 14, 5, 20, 9],
        [1, 1, 3, 3],
      ],
      (g, x) => {
        const ones = g.floats(new Array(9).fill(1), [1, 1, 3, 3]);
        const sums = g.node("Conv", [x, ones], x.dims, { pads: [1, 1, 1, 1] }); // 12 21 16, 27 45 33, 24 39 28
        const statistics = [2, 1, 20, 3].map((value) => g.floats([value])); // scale, bias, mean, variance
        // 2 * (sum - 20) / sqrt(3 + 1) + 1
        const normal = g.node("BatchNormalization", [sums, ...statistics], x.dims, { epsilon: float(1) });
        return g.node("Relu", [normal], x.dims);
      },
    ),
    manyChannels(),
    sixChannels(),
    known(
      "conv 7×7 with bias",
      [upTo(16), [1, 1, 4, 4]],
      [
        [16.5, ...new Array(14).fill(0.5), 1.5],
        [1, 1, 4, 4],
      ],
      (g, x) => {
        // The first and the last tap: three rows and columns before, and as many after.
        const corners = g.floats([1, ...new Array(47).fill(0), 1], [1, 1, 7, 7]);
        return g.node("Conv", [x, corners, g.floats([0.5])], x.dims, { kernel_shape: [7, 7], pads: [3, 3, 3, 3] });
      },
    ),
    known(
      "conv by channel with stride 2",
      [
        [...upTo(16), ...upTo(16)],
        [1, 2, 4, 4],
      ],
      [
        [1, 3, 9, 11, 4, 12, 28, 44],
        [1, 2, 2, 2],
      ],
      (g, x) => {
        // The first channel takes what is there, the second 1 2 1 along its row.
        const taps = g.floats([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0], [2, 1, 3, 3]);
        const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2], group: 2 };
        return g.node("Conv", [x, taps], [1, 2, 2, 2], attributes);
      },
    ),
    known(
      "conv 1×1 in groups",
      [upTo(8), [1, 4, 1, 2]],
      [
        [4, 6, -2, -2, 10, 12, 21, 24],
        [1, 4, 1, 2],
      ],
      (g, x) => {
        const weight = g.floats([1, 1, 1, -1, 2, 0, 0, 3], [4, 2, 1, 1]); // sum and difference; 2 · first, 3 · second
        return g.node("Conv", [x, weight], x.dims, { kernel_shape: [1, 1], group: 2 });
      },
    ),
  ];
}

/** Kernels that read four channels at once are others than those for one: 16 of 5 × 6, each moved to the next one's place. */
function manyChannels(): KnownGraph {
  const [channels, height, width] = [16, 5, 6];
  const plane = height * width;
  const feed = Array.from({ length: channels * plane }, (_, i) => ((7 * i) % 61) - 30);
  const answer = feed.map((_, i) => {
    const column = i % width;
    const before = (Math.floor(i / plane) + channels - 1) % channels;
    return column === 0 ? 0 : feed[before * plane + (i % plane) - 1]!;
  });
  const dims = [1, channels, height, width];
  return known("conv of 16 channels", [feed, dims], [answer, dims], (g, x) => {
    const weight = new Float32Array(channels * channels * 9);
    // One tap each: of the channel before, the pixel to the left.
    for (let to = 0; to < channels; to++) weight[(to * channels + ((to + channels - 1) % channels)) * 9 + 3] = 1;
    const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
    return g.node("Conv", [x, g.floats(weight, [channels, channels, 3, 3])], x.dims, attributes);
  });
}
