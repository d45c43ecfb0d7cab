import { BunrakuError } from "../contract/error.ts";
import type { DType, Tensor } from "../contract/tensor.ts";
import type { GraphNode } from "../onnx/graph.ts";

export type Attributes = GraphNode["attributes"];

/**
 * What one ONNX operator means, in TypeScript.
 *
 * `run` borrows its inputs (an optional input that is not given is undefined), never writes to them, and returns
 * `outputs` tensors; those may share memory with the inputs.
 */
export interface Operator {
  /** ONNX's name: "Conv", "GridSample". */
  readonly op: string;
  run(inputs: readonly (Tensor | undefined)[], attributes: Attributes, outputs: number): Tensor[];
}

/** An input that must be there, of that type. @throws `SHAPE` */
export function wantInput<T extends DType = "float32">(
  inputs: readonly (Tensor | undefined)[],
  index: number,
  what: string,
  type = "float32" as T,
): Tensor<T> {
  const input = anyInput(inputs, index, what);
  if (input.type === type) return input as Tensor<T>;
  throw new BunrakuError("SHAPE", `${what}: must be ${type}, got ${input.type}.`);
}

/** An input that must be there, of any type. @throws `SHAPE` */
export function anyInput(inputs: readonly (Tensor | undefined)[], index: number, what: string): Tensor {
  const input = inputs[index];
  if (input) return input;
  throw new BunrakuError("SHAPE", `${what}: input ${index} must be given, got none.`);
}

/** The whole numbers of a shape, axes or pads input. @throws `SHAPE` when they are not int64 or int32. */
export function integersOf(input: Tensor, what: string): number[] {
  if (input.type === "int64") return Array.from(input.data as BigInt64Array, Number);
  if (input.type === "int32") return Array.from(input.data as Int32Array);
  throw new BunrakuError("SHAPE", `${what}: must be int64, got ${input.type}.`);
}
