import { BunrakuError } from "../../contract/error.ts";
import { type Tensor, tensor } from "../../contract/tensor.ts";
import { floatAttribute, intAttribute } from "../attributes.ts";
import { broadcastDims, expand } from "../broadcast.ts";
import { newElements } from "../elements.ts";
import { type Operator, wantInput } from "../operator.ts";
import { transpose } from "./rearrange.ts";

/**
 * Matrix product over the last two axes; the axes before them broadcast.
 *
 * A vector on the left is a row, on the right a column, and the axis it lacks is dropped from the result.
 * Sums in float64, rounds once.
 *
 * @param a `[…, M, K]`
 * @param b `[…, K, N]`
 * @returns `[…, M, N]`, owned by the caller.
 * @throws `SHAPE`
 * @see ONNX MatMul-13, numpy.matmul
 */
export function matmul(a: Tensor<"float32">, b: Tensor<"float32">): Tensor<"float32"> {
  const left = a.dims.length === 1 ? [1, ...a.dims] : a.dims;
  const right = b.dims.length === 1 ? [...b.dims, 1] : b.dims;
  const [m, k] = left.slice(-2);
  const [rows, n] = right.slice(-2);
  if (m === undefined || k === undefined || n === undefined || k !== rows) {
    throw new BunrakuError("SHAPE", `matmul: [${a.dims.join(", ")}] does not fit [${b.dims.join(", ")}].`);
  }
  const batch = broadcastDims(left.slice(0, -2), right.slice(0, -2));
  const lefts = expand(tensor("float32", a.data, left), [...batch, m, k]).data;
  const rights = expand(tensor("float32", b.data, right), [...batch, k, n]).data;
  const dims = [...batch, m, n];
  const out = newElements("float32", dims);
  const sums = new Float64Array(n);
  for (let row = 0; row < out.length / n; row++) {
    const matrix = Math.floor(row / m) * k * n;
    sums.fill(0);
    for (let inner = 0; inner < k; inner++) {
      const factor = lefts[row * k + inner]!;
      const begin = matrix + inner * n;
      for (let column = 0; column < n; column++) sums[column]! += factor * rights[begin + column]!;
    }
    out.set(sums, row * n);
  }
  if (a.dims.length === 1) dims.splice(-2, 1);
  if (b.dims.length === 1) dims.splice(-1, 1);
  return tensor("float32", out, dims);
}

export const matMulOperator: Operator = {
  op: "MatMul",
  run: (inputs) => [matmul(wantInput(inputs, 0, "MatMul A"), wantInput(inputs, 1, "MatMul B"))],
};

/** `alpha * A B + beta * C`, with A or B transposed if asked. */
export const gemm: Operator = {
  op: "Gemm",
  run(inputs, attributes) {
    const a = oriented(wantInput(inputs, 0, "Gemm A"), intAttribute(attributes, "transA", 0));
    const b = oriented(wantInput(inputs, 1, "Gemm B"), intAttribute(attributes, "transB", 0));
    const alpha = floatAttribute(attributes, "alpha", 1);
    const beta = floatAttribute(attributes, "beta", 1);
    const product = matmul(a, b);
    const out = product.data;
    const c = inputs[2] && expand(wantInput(inputs, 2, "Gemm C"), product.dims).data;
    for (let at = 0; at < out.length; at++) out[at] = alpha * out[at]! + (c ? beta * c[at]! : 0);
    return [product];
  },
};

function oriented(matrix: Tensor<"float32">, transposed: number): Tensor<"float32"> {
  if (matrix.dims.length !== 2)
    throw new BunrakuError("SHAPE", `Gemm: expected a matrix, got [${matrix.dims.join(", ")}].`);
  return transposed ? (transpose(matrix, [1, 0]) as Tensor<"float32">) : matrix;
}
