import type { Weights } from "@bunraku/backends";
import { conv, hourglass, sameBlock, softmax, withoutDepth } from "@bunraku/backends/layers";
import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { coordinatesOnnx } from "@bunraku/keypoints/onnx";
import { type Size, scaledSize } from "@bunraku/warp";
import { resizeNearestOnnx } from "@bunraku/warp/onnx";
import { combineMotionsOnnx } from "../combine-motions/combine-motions.onnx.ts";
import { embeddingCandidates } from "../movement-embedding/embedding-config.ts";
import { type MovementInputs, movementEmbeddingOnnx } from "../movement-embedding/movement-embedding.onnx.ts";
import {
  type MonkeyNetDenseMotionConfig,
  monkeyNetDenseMotionInputs,
  monkeyNetDenseMotionOutputs,
} from "./dense-motion-config.ts";

/** What Monkey-Net's dense motion reads; `image` is the whole source, `motionsOf` its candidate motions at a size. */
export interface MonkeyNetMotionInputs extends Omit<MovementInputs, "motions"> {
  /** `[K + 1, h, w, 2]` for a size */
  readonly motionsOf: (size: Size) => Value;
}

export interface MonkeyNetMotionOutputs {
  /** `[1, h, w, 2]` */
  readonly flow: Value;
  /** `[1, K + 1, h, w]`; with `useMask` */
  readonly masks?: Value;
  /** `[K + 1, 3, h, w]`: the source, moved by each candidate; where the embedding shows it */
  readonly sparseDeformed?: Value;
}

/**
 * Monkey-Net's dense motion module as a piece of a graph.
 *
 * @param weights `dense_motion_module` of a generator, without that prefix
 * @see spec 1M.4
 */
export function monkeyNetDenseMotionOnnx(
  g: GraphBuilder,
  inputs: MonkeyNetMotionInputs,
  weights: Weights,
  config: MonkeyNetDenseMotionConfig,
  options: { alignCorners: boolean },
): MonkeyNetMotionOutputs {
  const flat = withoutDepth(weights);
  const { embedding, useMask, useCorrection } = config;
  const [, , fullHeight, fullWidth] = inputs.image.dims as [number, number, number, number];
  const scaled = scaledSize({ height: fullHeight, width: fullWidth }, config.scaleFactor);
  const size = scaledSize(scaled, embedding.scaleFactor);
  const image = resizeNearestOnnx(g, resizeNearestOnnx(g, inputs.image, scaled), size);
  const motions = inputs.motionsOf(size);
  const movement = movementEmbeddingOnnx(g, { ...inputs, image, motions }, embedding, options);

  let x = movement.embedding;
  const channels = monkeyNetDenseMotionInputs(config);
  const groups = embeddingCandidates(embedding);
  // Upstream's leaky ReLU after the ReLU changes nothing and is left out.
  for (let i = 0; i < config.numGroupBlocks; i++)
    x = sameBlock(g, x, flat, `group_blocks.${i}`, { channels, kernel: 1, groups });
  x = hourglass(g, x, flat, "hourglass", config);
  const outputs = monkeyNetDenseMotionOutputs(config);
  const said = conv(g, x, flat, "hourglass.decoder.conv", { channels: outputs, kernel: 3, padding: 1 });

  const { height, width } = size;
  const part = (from: number, to: number) =>
    g.node("Slice", [said, g.ints([from]), g.ints([to]), g.ints([1])], [1, to - from, height, width]);
  const masks = useMask ? softmax(g, part(0, groups), 1) : undefined;
  let flow = masks
    ? combineMotionsOnnx(g, motions, masks)
    : g.node("Reshape", [coordinatesOnnx(g, size), g.ints([1, height, width, 2])], [1, height, width, 2]);
  if (useCorrection) {
    const correction = g.node("Transpose", [part(outputs - 2, outputs)], flow.dims, { perm: [0, 2, 3, 1] });
    flow = g.node("Add", [flow, correction], flow.dims);
  }
  const { sparseDeformed } = movement;
  return { flow, ...(masks && { masks }), ...(sparseDeformed && { sparseDeformed }) };
}
