import type { Backend } from "../contract/backend.ts";
import { decodeModel } from "../onnx/decode-model.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import type { Graph, GraphNode, Initializer } from "../onnx/graph.ts";

/** What is wrong with a backend. */
export interface Fault {
  /** The operator that goes wrong, where its node `hits`. */
  readonly op: string;
  /** @default all of that operator */
  readonly hits?: (node: GraphNode) => boolean;
  /** Multiplies each of its outputs, `[]`. @default 1 */
  readonly gain?: number;
  /** Added to each of its outputs. @default 0 */
  readonly offset?: number;
  /** Multiplies the last axis of an input, by its index: [-1, 1] mirrors a grid. */
  readonly input?: { readonly index: number; readonly factors: readonly number[] };
}

/**
 * A backend whose results are wrong in one way, and look well: what drivers and kernels do now and then.
 *
 * For tests of what should notice.
 *
 * @param inner Does the work; owned by the result.
 */
export function faultyBackend(inner: Backend, fault: Fault): Backend {
  const checks = [...(inner.report?.checks ?? [])];
  return {
    contract: 1,
    name: inner.name,
    get warnings() {
      return inner.warnings;
    },
    // A list of its own: what this one fails at says nothing of the other.
    ...(inner.report && { report: { ...inner.report, checks } }),
    load: (model, options) => inner.load(encodeModel(withFault(decodeModel(model), fault)), options),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

function withFault(graph: Graph, { op, hits = () => true, gain = 1, offset = 0, input }: Fault): Graph {
  const nodes: GraphNode[] = [];
  const initializers: Initializer[] = [...graph.initializers];
  const constant = (name: string, values: readonly number[]) => {
    initializers.push({ name, type: "float32", dims: [values.length], data: Float32Array.from(values) });
    return name;
  };
  const add = (step: string, name: string, inputs: readonly string[], output: string) =>
    nodes.push({ op: step, name, inputs, outputs: [output], attributes: {} });
  for (const node of graph.nodes) {
    if (node.op !== op || !hits(node)) {
      nodes.push(node);
      continue;
    }
    const inputs = [...node.inputs];
    const [output] = node.outputs as [string];
    if (input) {
      const turned = `${output}_turned`;
      add("Mul", turned, [inputs[input.index]!, constant(`${turned}_by`, input.factors)], turned);
      inputs[input.index] = turned;
    }
    nodes.push({ ...node, inputs, outputs: [`${output}_right`] });
    const scaled = `${output}_scaled`;
    add("Mul", scaled, [`${output}_right`, constant(`${scaled}_by`, [gain])], scaled);
    add("Add", `${output}_wrong`, [scaled, constant(`${output}_offset`, [offset])], output);
  }
  return { ...graph, nodes, initializers, pieces: [] };
}
