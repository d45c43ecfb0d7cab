import { type KnownGraph, known } from "./known-graph.ts";

/**
 * A convolution in two groups of 6 channels: onnxruntime-web 1.30.0 gets it wrong on WebGPU, as all in groups whose number
 * of outputs is above 4 and not a multiple of 4, while that of all groups together is one. Monkey-Net's group blocks are
 * such convolutions where its number of keypoints is odd.
 *
 * Not one of `knownGraphs()`: a backend that fails it still runs every first-order model, and that it does not run such a
 * Monkey-Net is found when one is loaded. `webgpu` looks for it, and writes the convolution without groups.
 */
export function groupsOfSix(): KnownGraph {
  const [groups, size, width] = [2, 6, 2];
  const feed = Array.from({ length: groups * size * width }, (_, i) => i + 1);
  // Output o of a group: its own channel, and ten times the next one of the group.
  const taps = Array.from({ length: groups * size * size }, (_, at) => {
    const [output, input] = [Math.floor(at / size) % size, at % size];
    if (input === output) return 1;
    return input === (output + 1) % size ? 10 : 0;
  });
  const answer = feed.map((value, i) => {
    const last = Math.floor(i / width) % size === size - 1;
    return value + 10 * (last ? value - (size - 1) * width : value + width);
  });
  const dims = [1, groups * size, 1, width];
  return known("conv in groups of 6 channels", [feed, dims], [answer, dims], (g, x) =>
    g.node("Conv", [x, g.floats(taps, [groups * size, size, 1, 1])], dims, { kernel_shape: [1, 1], group: groups }),
  );
}
