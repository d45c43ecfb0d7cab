import { type DataOf, type DType, tensor } from "../../contract/tensor.ts";
import { floatAttribute } from "../attributes.ts";
import { alike, newElements } from "../elements.ts";
import { type Attributes, anyInput, type Operator, wantInput } from "../operator.ts";

/** An operator on every float by itself. The loop is in `apply`, so that each operator has a tight one of its own. */
function onFloats(op: string, apply: (from: Float32Array, to: Float32Array, attributes: Attributes) => void): Operator {
  return {
    op,
    run(inputs, attributes) {
      const input = wantInput(inputs, 0, op);
      const out = new Float32Array(input.data.length);
      apply(input.data, out, attributes);
      return [tensor("float32", out, input.dims)];
    },
  };
}

/** The same for operators that also take whole numbers. */
function onNumbers(op: string, apply: (from: Float32Array, to: Float32Array, zero: number) => void): Operator {
  return {
    op,
    run(inputs) {
      const input = anyInput(inputs, 0, op);
      const out: DataOf[DType] = newElements(input.type, input.dims);
      apply(alike(input.data), alike(out), alike(newElements(input.type, [1]))[0]!);
      return [tensor(input.type, out, input.dims)];
    },
  };
}

export const relu = onNumbers("Relu", (from, to, zero) => {
  // biome-ignore lint/complexity/useMathMinMax: Math.max refuses 64-bit integers.
  for (let at = 0; at < from.length; at++) to[at] = from[at]! < zero ? zero : from[at]!;
});

export const leakyRelu = onFloats("LeakyRelu", (from, to, attributes) => {
  const alpha = floatAttribute(attributes, "alpha", 0.01);
  for (let at = 0; at < from.length; at++) to[at] = from[at]! < 0 ? alpha * from[at]! : from[at]!;
});

export const sigmoid = onFloats("Sigmoid", (from, to) => {
  for (let at = 0; at < from.length; at++) to[at] = 1 / (1 + Math.exp(-from[at]!));
});

export const tanh = onFloats("Tanh", (from, to) => {
  for (let at = 0; at < from.length; at++) to[at] = Math.tanh(from[at]!);
});

export const exp = onFloats("Exp", (from, to) => {
  for (let at = 0; at < from.length; at++) to[at] = Math.exp(from[at]!);
});

export const log = onFloats("Log", (from, to) => {
  for (let at = 0; at < from.length; at++) to[at] = Math.log(from[at]!);
});

export const sqrt = onFloats("Sqrt", (from, to) => {
  for (let at = 0; at < from.length; at++) to[at] = Math.sqrt(from[at]!);
});

export const floor = onFloats("Floor", (from, to) => {
  for (let at = 0; at < from.length; at++) to[at] = Math.floor(from[at]!);
});

export const neg = onNumbers("Neg", (from, to) => {
  for (let at = 0; at < from.length; at++) to[at] = -from[at]!;
});

export const abs = onNumbers("Abs", (from, to, zero) => {
  for (let at = 0; at < from.length; at++) to[at] = from[at]! < zero ? -from[at]! : from[at]!;
});

export const unaryOperators: readonly Operator[] = [relu, leakyRelu, sigmoid, tanh, exp, log, sqrt, floor, neg, abs];
