// For tests only: runs one operator here and in onnxruntime-node, which is the judge.
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { type DataOf, type DType, type Tensor, tensor } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import type { Attribute, Graph, GraphValue } from "../onnx/graph.ts";
import { compareTensors } from "../testing/compare-tensors.ts";
import { operators } from "./operators/all-operators.ts";
import { reference } from "./reference.ts";

export interface OperatorCase {
  readonly op: string;
  readonly inputs: readonly (Tensor | undefined)[];
  readonly attributes?: Record<string, Attribute>;
  /** How many outputs. @default 1 */
  readonly outputs?: number;
  /** Feeds int64 inputs instead of making them constants, which is what shapes and axes must be. @default false */
  readonly feedIntegers?: boolean;
}

/** The largest difference between the reference's outputs and onnxruntime's. */
export async function differenceFromOrt(operatorCase: OperatorCase): Promise<number> {
  const graph = graphOf(operatorCase);
  const bytes = encodeModel(graph);
  const named = operatorCase.inputs.flatMap((value, index) => (value ? [[`in${index}`, value] as const] : []));
  const feeds = Object.fromEntries(named.filter(([name]) => graph.inputs.some((input) => input.name === name)));
  const backend = await reference();
  const here = await (await backend.load(bytes)).run(feeds);
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const there = await session.run(
    Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new OrtTensor(type, data as never, dims)]),
    ),
  );
  await session.release();
  const errors = graph.outputs.map(({ name }) => {
    const { type, data, dims } = there[name]!;
    return compareTensors(here[name]!, tensor(type as DType, data as DataOf[DType] as never, dims)).maxAbsError;
  });
  return Math.max(...errors);
}

function graphOf({ op, inputs, attributes = {}, outputs = 1, feedIntegers = false }: OperatorCase): Graph {
  const results = operators.find((operator) => operator.op === op)!.run(inputs, attributes, outputs);
  const values = inputs.flatMap((value, index) => (value ? [{ name: `in${index}`, ...pick(value) }] : []));
  const isConstant = (value: GraphValue) => value.type === "int64" && !feedIntegers;
  return {
    name: op,
    nodes: [
      {
        op,
        name: "tested",
        inputs: inputs.map((value, index) => (value ? `in${index}` : "")),
        outputs: results.map((_, index) => `out${index}`),
        attributes,
      },
    ],
    initializers: values.filter(isConstant),
    inputs: values.filter((value) => !isConstant(value)).map(({ name, type, dims }) => ({ name, type, dims })),
    outputs: results.map(({ type, dims }, index) => ({ name: `out${index}`, type, dims })),
  };
}

function pick({ type, dims, data }: Tensor) {
  return { type, dims, data };
}

/** Numbers that look random and are the same every time, about -2 to 2. */
export function wavy(dims: readonly number[], seed = 1): Tensor<"float32"> {
  const data = new Float32Array(dims.reduce((size, dim) => size * dim, 1));
  let state = seed * 2654435761;
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[at] = (state / 2 ** 32) * 4 - 2;
  }
  return tensor("float32", data, dims);
}

export function ints(...values: number[]): Tensor<"int64"> {
  return tensor("int64", BigInt64Array.from(values, BigInt), [values.length]);
}

export function floats(...values: number[]): Tensor<"float32"> {
  return tensor("float32", Float32Array.from(values), [values.length]);
}
