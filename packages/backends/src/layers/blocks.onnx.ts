import type { Weights } from "../contract/backend.ts";
import type { GraphBuilder, Value } from "../onnx/graph-builder.ts";
import { batchNorm, relu } from "./batch-norm.onnx.ts";
import { type ConvOptions, conv } from "./conv.onnx.ts";

// The building blocks of both systems; spec 1.3 has the table.

/** conv → batch norm → ReLU; same size when padding fits the kernel. */
export function sameBlock(g: GraphBuilder, x: Value, weights: Weights, name: string, options: ConvOptions): Value {
  return relu(g, batchNorm(g, conv(g, x, weights, `${name}.conv`, options), weights, `${name}.norm`));
}

/** conv 3×3 → batch norm → ReLU → 2×2 mean. `[1, I, H, W]` → `[1, O, ⌊H/2⌋, ⌊W/2⌋]` */
export function downBlock(g: GraphBuilder, x: Value, weights: Weights, name: string, channels: number): Value {
  const same = sameBlock(g, x, weights, name, { channels, kernel: 3, padding: 1 });
  const [, , height, width] = same.dims as [number, number, number, number];
  return g.node("AveragePool", [same], [1, channels, Math.floor(height / 2), Math.floor(width / 2)], {
    kernel_shape: [2, 2],
    strides: [2, 2],
  });
}

/** nearest ×2 → conv 3×3 → batch norm → ReLU. `[1, I, H, W]` → `[1, O, 2H, 2W]` */
export function upBlock(g: GraphBuilder, x: Value, weights: Weights, name: string, channels: number): Value {
  const [, inputs, height, width] = x.dims as [number, number, number, number];
  const scales = g.floats([1, 1, 2, 2]);
  const large = g.node("Resize", [x, undefined, scales], [1, inputs, 2 * height, 2 * width], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
  return sameBlock(g, large, weights, name, { channels, kernel: 3, padding: 1 });
}

/** Pre-activation residual block: x + conv2(ReLU(BN2(conv1(ReLU(BN1(x)))))). */
export function resBlock(g: GraphBuilder, x: Value, weights: Weights, name: string): Value {
  const options = { channels: x.dims[1]!, kernel: 3, padding: 1 };
  const first = conv(g, relu(g, batchNorm(g, x, weights, `${name}.norm1`)), weights, `${name}.conv1`, options);
  const second = conv(g, relu(g, batchNorm(g, first, weights, `${name}.norm2`)), weights, `${name}.conv2`, options);
  return g.node("Add", [x, second], x.dims);
}

/** Softmax along `axis`. */
export function softmax(g: GraphBuilder, x: Value, axis: number): Value {
  return g.node("Softmax", [x], x.dims, { axis });
}

/** Multiplies by one number. */
export function scale(g: GraphBuilder, x: Value, factor: number): Value {
  return factor === 1 ? x : g.node("Mul", [x, g.floats([factor])], x.dims);
}
