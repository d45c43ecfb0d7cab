import type { Weights } from "../contract/backend.ts";
import type { GraphBuilder, Value } from "../onnx/graph-builder.ts";
import { weightOf } from "./weight-of.ts";

export interface ConvOptions {
  readonly channels: number;
  /** Side of the square kernel, in pixels. */
  readonly kernel: number;
  /** Zeros on every side, in pixels. @default 0 */
  readonly padding?: number;
  /** Channels fall into this many groups that do not see each other. @default 1 */
  readonly groups?: number;
}

/** Convolution (cross-correlation, stride 1) with the weights `${name}.weight` and `${name}.bias`. `[1, I, H, W]` → `[1, O, H', W']` */
export function conv(
  g: GraphBuilder,
  x: Value,
  weights: Weights,
  name: string,
  { channels, kernel, padding = 0, groups = 1 }: ConvOptions,
): Value {
  const [, inputs, height, width] = x.dims as [number, number, number, number];
  const dims = [channels, inputs / groups, kernel, kernel];
  const weight = g.constant(weightOf(weights, `${name}.weight`, dims), `${name}.weight`);
  const bias = g.constant(weightOf(weights, `${name}.bias`, [channels]), `${name}.bias`);
  const grown = 2 * padding - kernel + 1;
  return g.node("Conv", [x, weight, bias], [1, channels, height + grown, width + grown], {
    kernel_shape: [kernel, kernel],
    pads: [padding, padding, padding, padding],
    strides: [1, 1],
    ...(groups > 1 && { group: groups }),
  });
}
