import { BunrakuError } from "../../contract/error.ts";
import { type Tensor, tensor } from "../../contract/tensor.ts";
import { broadcastDims, expand } from "../broadcast.ts";
import { alike, newElements } from "../elements.ts";
import { anyInput, type Operator } from "../operator.ts";

type Loop = (a: Float32Array, b: Float32Array, out: Float32Array) => void;

/** Two tensors of one type, repeated to common dims. */
function paired(inputs: readonly (Tensor | undefined)[], op: string): [a: Tensor, b: Tensor, dims: readonly number[]] {
  const a = anyInput(inputs, 0, op);
  const b = anyInput(inputs, 1, op);
  if (a.type !== b.type)
    throw new BunrakuError("SHAPE", `${op}: both inputs must have one type, got ${a.type} and ${b.type}.`);
  const dims = broadcastDims(a.dims, b.dims);
  return [expand(a, dims), expand(b, dims), dims];
}

function arithmetic(op: string, apply: Loop): Operator {
  return {
    op,
    run(inputs) {
      const [a, b, dims] = paired(inputs, op);
      const out = newElements(a.type, dims);
      apply(alike(a.data), alike(b.data), alike(out));
      return [tensor(a.type, out, dims)];
    },
  };
}

function comparison(op: string, apply: (a: Float32Array, b: Float32Array, out: Uint8Array) => void): Operator {
  return {
    op,
    run(inputs) {
      const [a, b, dims] = paired(inputs, op);
      const out = newElements("bool", dims);
      apply(alike(a.data), alike(b.data), out);
      return [tensor("bool", out, dims)];
    },
  };
}

export const add = arithmetic("Add", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! + b[at]!;
});

export const sub = arithmetic("Sub", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! - b[at]!;
});

export const mul = arithmetic("Mul", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! * b[at]!;
});

/** Whole numbers divide towards zero: the typed array (or BigInt) drops the fraction. */
export const div = arithmetic("Div", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! / b[at]!;
});

const powLoop: Loop = (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! ** b[at]!;
};

/** The exponent may have another type than the base, whose type the result has. */
export const pow: Operator = {
  op: "Pow",
  run(inputs) {
    const base = anyInput(inputs, 0, "Pow base");
    const exponent = anyInput(inputs, 1, "Pow exponent");
    const dims = broadcastDims(base.dims, exponent.dims);
    const out = newElements(base.type, dims);
    const exponents = Float64Array.from(expand(exponent, dims).data as Float32Array, Number);
    const bases = expand(base, dims).data;
    if (bases instanceof BigInt64Array) {
      powLoop(Float64Array.from(bases, Number) as never, exponents as never, exponents as never);
      alike(out).set(BigInt64Array.from(exponents, (value) => BigInt(Math.trunc(value))) as never);
    } else {
      powLoop(alike(bases), exponents as never, alike(out));
    }
    return [tensor(base.type, out, dims)];
  },
};

/** Min and Max take any number of inputs: two at a time. NaN wins, as in numpy. */
function pairwise(op: string, apply: Loop): Operator {
  const pair = arithmetic(op, apply);
  return {
    op,
    run(inputs, attributes) {
      let result = anyInput(inputs, 0, op);
      for (let next = 1; next < inputs.length; next++) {
        [result] = pair.run([result, anyInput(inputs, next, op)], attributes, 1) as [Tensor];
      }
      return [result];
    },
  };
}

// biome-ignore-start lint/suspicious/noSelfCompare: true for NaN only, and right for 64-bit integers too.
export const min = pairwise("Min", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! < b[at]! || a[at] !== a[at] ? a[at]! : b[at]!;
});

export const max = pairwise("Max", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! > b[at]! || a[at] !== a[at] ? a[at]! : b[at]!;
});
// biome-ignore-end lint/suspicious/noSelfCompare: as above

export const greater = comparison("Greater", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! > b[at]! ? 1 : 0;
});

export const less = comparison("Less", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at]! < b[at]! ? 1 : 0;
});

export const equal = comparison("Equal", (a, b, out) => {
  for (let at = 0; at < out.length; at++) out[at] = a[at] === b[at] ? 1 : 0;
});

export const binaryOperators: readonly Operator[] = [add, sub, mul, div, pow, min, max, greater, less, equal];
