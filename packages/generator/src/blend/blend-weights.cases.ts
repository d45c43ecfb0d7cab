import { type KernelCase, kernelCase, type Numbers } from "@bunraku/backends/webgpu";
import { blendWeightsOnnx } from "./blend-weights.onnx.ts";

/** A picture of `values` in every colour, in one row or two. */
function grey(values: readonly number[], rows = 1): Numbers {
  return [
    [1, 3, rows, values.length / rows],
    [...values, ...values, ...values],
  ];
}

const smoothstep = (t: number) => t * t * (3 - 2 * t);

/** Cases of the piece "blend-weights" with stored answers, worked out by hand. They are small: windows have three pixels. */
export function blendWeightsCases(): readonly KernelCase[] {
  // A difference of 0.9 in the middle, blurred twice, is 0.15 0.2 0.3 0.2 0.15; weights fade from 0.12 to 0.3.
  const [end, side] = [smoothstep(1 / 6), smoothstep(4 / 9)];
  return [
    kernelCase(
      "blend-weights: a dot, without an occlusion map",
      { warped: grey([0.1, 0.1, 0.1, 0.1, 0.1]), generated: grey([0.1, 0.1, 1, 0.1, 0.1]) },
      (g, { warped, generated }) => ({ weights: blendWeightsOnnx(g, warped, generated) }),
      {
        weights: [
          [1, 1, 1, 5],
          [(end + side) / 2, (end + side + 1) / 3, (2 * side + 1) / 3, (end + side + 1) / 3, (end + side) / 2],
        ],
      },
    ),
    // The map is 0, 0.25, 0.75, 1 in the pixels: hidden are the left two. Each row is blurred, and both are alike.
    kernelCase(
      "blend-weights: equal pictures, half hidden",
      {
        warped: grey([0, 1, 0.5, 1, 1, 0, 0, 1], 2),
        generated: grey([0, 1, 0.5, 1, 1, 0, 0, 1], 2),
        occlusion: [
          [1, 1, 1, 2],
          [0, 1],
        ],
      },
      (g, { warped, generated, occlusion }) => ({ weights: blendWeightsOnnx(g, warped, generated, occlusion) }),
      {
        weights: [
          [1, 1, 2, 4],
          [1, 2 / 3, 1 / 3, 0, 1, 2 / 3, 1 / 3, 0],
        ],
      },
    ),
    // Halfway between alike and different; seen by 0.625, which is three quarters of the way from hidden.
    kernelCase(
      "blend-weights: both, everywhere the same",
      {
        warped: grey([0.2, 0.2, 0.2, 0.2], 2),
        generated: grey([0.41, 0.41, 0.41, 0.41], 2),
        occlusion: [
          [1, 1, 2, 2],
          [0.625, 0.625, 0.625, 0.625],
        ],
      },
      (g, { warped, generated, occlusion }) => ({ weights: blendWeightsOnnx(g, warped, generated, occlusion) }),
      {
        weights: [[1, 1, 2, 2], Array(4).fill(1 - smoothstep(0.75) / 2)],
      },
    ),
  ];
}
