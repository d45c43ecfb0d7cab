import { BunrakuError } from "../../contract/error.ts";
import { expectShape } from "../../contract/expect-shape.ts";
import { type Tensor, tensor } from "../../contract/tensor.ts";
import { floatAttribute, intAttribute } from "../attributes.ts";
import { newElements } from "../elements.ts";
import { type Operator, wantInput } from "../operator.ts";

/** Per channel, `[C]` each. */
export interface BatchStatistics {
  readonly scale: Tensor<"float32">;
  readonly bias: Tensor<"float32">;
  readonly mean: Tensor<"float32">;
  readonly variance: Tensor<"float32">;
}

/**
 * Normalises each channel with fixed statistics: `scale * (x - mean) / sqrt(variance + epsilon) + bias`.
 *
 * @param image `[N, C, …]`
 * @param options.epsilon @default 1e-5
 * @returns The image's dims; owned by the caller.
 * @throws `SHAPE`
 * @see ONNX BatchNormalization-15 with training_mode 0, torch.nn.BatchNorm2d in evaluation mode
 */
export function batchNormalization(
  image: Tensor<"float32">,
  { scale, bias, mean, variance }: BatchStatistics,
  { epsilon = 1e-5 } = {},
): Tensor<"float32"> {
  const [n, c, inner] = channelsOf(image);
  for (const [name, value] of Object.entries({ scale, bias, mean, variance })) {
    expectShape(value, [c], `batch normalization ${name}`);
  }
  const out = newElements("float32", image.dims);
  for (let plane = 0, at = 0; plane < n * c; plane++) {
    const channel = plane % c;
    const factor = scale.data[channel]! / Math.sqrt(variance.data[channel]! + epsilon);
    const shift = bias.data[channel]! - mean.data[channel]! * factor;
    for (const end = at + inner; at < end; at++) out[at] = image.data[at]! * factor + shift;
  }
  return tensor("float32", out, image.dims);
}

/**
 * Normalises each channel of each item with its own mean and (biased) variance.
 *
 * @param image `[N, C, …]`
 * @param scale `[C]`
 * @param bias `[C]`
 * @throws `SHAPE`
 * @see ONNX InstanceNormalization-6
 */
export function instanceNormalization(
  image: Tensor<"float32">,
  scale: Tensor<"float32">,
  bias: Tensor<"float32">,
  { epsilon = 1e-5 } = {},
): Tensor<"float32"> {
  const [n, c, inner] = channelsOf(image);
  expectShape(scale, [c], "instance normalization scale");
  expectShape(bias, [c], "instance normalization bias");
  const out = newElements("float32", image.dims);
  for (let plane = 0; plane < n * c; plane++) {
    const cells = image.data.subarray(plane * inner, (plane + 1) * inner);
    let sum = 0;
    for (let at = 0; at < inner; at++) sum += cells[at]!;
    const mean = sum / inner;
    let squares = 0;
    for (let at = 0; at < inner; at++) squares += (cells[at]! - mean) ** 2;
    const factor = scale.data[plane % c]! / Math.sqrt(squares / inner + epsilon);
    const shift = bias.data[plane % c]! - mean * factor;
    for (let at = 0; at < inner; at++) out[plane * inner + at] = cells[at]! * factor + shift;
  }
  return tensor("float32", out, image.dims);
}

function channelsOf(image: Tensor): [n: number, c: number, inner: number] {
  const [n, c, ...rest] = image.dims;
  if (n === undefined || c === undefined) {
    throw new BunrakuError("SHAPE", `normalization image: expected [N, C, …], got [${image.dims.join(", ")}].`);
  }
  return [n, c, rest.reduce((size, dim) => size * dim, 1)];
}

export const batchNormalizationOperator: Operator = {
  op: "BatchNormalization",
  run(inputs, attributes, outputs) {
    if (intAttribute(attributes, "training_mode", 0) !== 0 || outputs > 1) {
      throw new BunrakuError(
        "UNSUPPORTED",
        "BatchNormalization runs with fixed statistics only; export for inference.",
      );
    }
    const statistics = {
      scale: wantInput(inputs, 1, "BatchNormalization scale"),
      bias: wantInput(inputs, 2, "BatchNormalization bias"),
      mean: wantInput(inputs, 3, "BatchNormalization mean"),
      variance: wantInput(inputs, 4, "BatchNormalization variance"),
    };
    const epsilon = floatAttribute(attributes, "epsilon", 1e-5);
    return [batchNormalization(wantInput(inputs, 0, "BatchNormalization image"), statistics, { epsilon })];
  },
};

export const instanceNormalizationOperator: Operator = {
  op: "InstanceNormalization",
  run(inputs, attributes) {
    const image = wantInput(inputs, 0, "InstanceNormalization image");
    const scale = wantInput(inputs, 1, "InstanceNormalization scale");
    const bias = wantInput(inputs, 2, "InstanceNormalization bias");
    return [instanceNormalization(image, scale, bias, { epsilon: floatAttribute(attributes, "epsilon", 1e-5) })];
  },
};
