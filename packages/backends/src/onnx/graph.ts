import type { DataOf, DType, Shape } from "../contract/tensor.ts";

/** A float attribute of a node: an ordinary number in an attribute is an ONNX integer. */
export interface FloatAttribute {
  readonly float: number;
}

/** Whole number, float, string or list of whole numbers. */
export type Attribute = number | FloatAttribute | string | readonly number[];

/** Marks an attribute as a float: `{ alpha: float(0.2) }`. */
export function float(value: number): FloatAttribute {
  return { float: value };
}

export interface GraphNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant of the graph. The array is borrowed. */
export interface Initializer {
  readonly name: string;
  readonly type: DType;
  readonly dims: Shape;
  readonly data: DataOf[DType];
}

/** A constant in half precision. */
export interface HalfInitializer {
  readonly name: string;
  readonly type: "float16";
  readonly dims: Shape;
  /** The bits of each element. */
  readonly data: Uint16Array;
}

export interface GraphValue {
  readonly name: string;
  readonly type: DType;
  readonly dims: Shape;
}

/**
 * Nodes that are one operation together, named so that a backend may do them by a kernel of its own ("soft-argmax",
 * "sparse-motions"). To every other runtime the nodes are what they are.
 *
 * What lies between its nodes is used by no other node and is no output of the graph.
 */
export interface GraphPiece {
  readonly kind: string;
  /** Values it reads, and values it gives, in the order that its kind defines. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Names of its nodes. */
  readonly nodes: readonly string[];
}

/**
 * An ONNX graph as plain data: nodes in running order, constants, inputs and outputs with static dims.
 *
 * `encodeModel` writes it as bytes that every ONNX runtime reads; `decodeModel` reads such bytes.
 */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Types and dims of what nodes give, as far as they are known. @default none */
  readonly values?: readonly GraphValue[];
  /** @default none */
  readonly pieces?: readonly GraphPiece[];
}

/** A graph that computes in half precision inside: only written, never read back. */
export interface HalfGraph extends Omit<Graph, "initializers"> {
  readonly initializers: readonly (Initializer | HalfInitializer)[];
}

/** WebGPU's GridSample kernels match opset 16 to 19, so graphs stay at 17. */
export const opset = 17;
