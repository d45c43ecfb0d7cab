import { BunrakuError } from "../contract/error.ts";
import { sizeOf, type Tensor, tensor } from "../contract/tensor.ts";
import type { Graph, GraphNode } from "../onnx/graph.ts";
import type { Operator } from "./operator.ts";

/** A node with what it means. */
export interface Step {
  readonly node: GraphNode;
  readonly operator: Operator;
}

/** A graph whose names are checked and whose operators are known. */
export interface Plan {
  readonly graph: Graph;
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly steps: readonly Step[];
}

/**
 * Checks that a graph can run: every operator is known, every value has one origin, which comes before its uses.
 *
 * @throws `UNSUPPORTED` for an unknown operator, `MODEL` for the rest.
 */
export function planGraph(graph: Graph, operators: ReadonlyMap<string, Operator>): Plan {
  const constants = new Map<string, Tensor>();
  const known = new Set<string>();
  const define = (name: string) => {
    if (known.has(name)) throw new BunrakuError("MODEL", `graph "${graph.name}": "${name}" is defined twice.`);
    known.add(name);
  };
  for (const { name, type, dims, data } of graph.initializers) {
    define(name);
    if (data.length !== sizeOf(dims)) throw new BunrakuError("MODEL", `graph "${graph.name}": "${name}" is damaged.`);
    constants.set(name, tensor(type, data as Float32Array as never, dims));
  }
  for (const { name } of graph.inputs) define(name);
  const steps = graph.nodes.map((node): Step => {
    const operator = operators.get(node.op);
    if (!operator) {
      throw new BunrakuError(
        "UNSUPPORTED",
        `reference: operator ${node.op} of node "${node.name}" is not known; hand it in: reference({ operators: [...] }).`,
      );
    }
    for (const input of node.inputs) {
      if (input !== "" && !known.has(input)) {
        throw new BunrakuError(
          "MODEL",
          `graph "${graph.name}": node "${node.name}" reads "${input}" before it is there.`,
        );
      }
    }
    for (const output of node.outputs) if (output !== "") define(output);
    return { node, operator };
  });
  for (const { name } of graph.outputs) {
    if (!known.has(name)) throw new BunrakuError("MODEL", `graph "${graph.name}": nothing yields output "${name}".`);
  }
  return { graph, constants, steps };
}

/** A step, and the values that nobody reads after it. */
export interface LiveStep extends Step {
  readonly lastUses: readonly string[];
}

/** The steps that `outputs` need, in order, each with what can be freed after it. */
export function stepsFor({ steps }: Plan, outputs: readonly string[]): LiveStep[] {
  const needed = new Set(outputs);
  const live: LiveStep[] = [];
  for (const step of [...steps].reverse()) {
    if (!step.node.outputs.some((output) => needed.has(output))) continue;
    const lastUses = step.node.inputs.filter((input) => input !== "" && !needed.has(input));
    for (const input of lastUses) needed.add(input);
    // An output that nobody reads can go as soon as it is there.
    live.push({ ...step, lastUses: [...lastUses, ...step.node.outputs.filter((output) => !needed.has(output))] });
  }
  return live.reverse();
}
