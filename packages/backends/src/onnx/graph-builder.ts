import { BunrakuError } from "../contract/error.ts";
import { type DType, type Shape, sizeOf, type Tensor } from "../contract/tensor.ts";
import type { Attribute, Graph, GraphNode, GraphPiece, GraphValue, Initializer } from "./graph.ts";
import { valueType } from "./value-type.ts";

/** A value inside a graph that is being built: its name and its static dims. */
export interface Value {
  readonly name: string;
  readonly dims: Shape;
}

/**
 * Builds a graph, node by node.
 *
 * Dims are given by whoever adds a node (the layers know them), so that shapes are static: runtimes plan memory better,
 * and a mismatch shows up where the graph is written.
 *
 * @example
 * const g = new GraphBuilder("double");
 * const x = g.input("x", [1, 3]);
 * g.output(g.node("Add", [x, x], x.dims), "y");
 * const bytes = encodeModel(g.build());
 */
export class GraphBuilder {
  readonly name: string;
  #nodes: GraphNode[] = [];
  #initializers = new Map<string, Initializer>();
  /** Under which names each array is stored, and which name was asked for. */
  #constants = new Map<Initializer["data"], (Value & { readonly asked: string })[]>();
  #inputs: GraphValue[] = [];
  #outputs: GraphValue[] = [];
  #values = new Map<string, GraphValue>();
  #pieces: GraphPiece[] = [];
  #used = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** Declares an input of the graph. */
  input(name: string, dims: Shape, type: DType = "float32"): Value {
    this.#claim(name);
    this.#inputs.push({ name, type, dims });
    this.#values.set(name, { name, type, dims });
    return { name, dims };
  }

  /** Adds a constant. The same tensor under the same name is stored once; another one gets another name. The data is borrowed until the graph is encoded. */
  constant(value: Pick<Tensor, "type" | "dims" | "data">, name = "constant"): Value {
    const uses = this.#constants.get(value.data) ?? [];
    const known = uses.find((use) => use.asked === name && use.dims.join() === value.dims.join());
    if (known) return { name: known.name, dims: known.dims };
    const unique = this.#unique(name);
    this.#initializers.set(unique, { name: unique, type: value.type, dims: value.dims, data: value.data });
    this.#values.set(unique, { name: unique, type: value.type, dims: value.dims });
    this.#constants.set(value.data, [...uses, { asked: name, name: unique, dims: value.dims }]);
    return { name: unique, dims: value.dims };
  }

  /** A constant of floats. */
  floats(values: ArrayLike<number>, dims: Shape = [values.length]): Value {
    const data = Float32Array.from(values);
    if (data.length !== sizeOf(dims))
      throw new BunrakuError("SHAPE", `graph ${this.name}: ${data.length} floats for dims [${dims.join(", ")}].`);
    return this.constant({ type: "float32", dims, data });
  }

  /** A constant of 64-bit integers, as shapes, axes and pads want them. */
  ints(values: readonly number[]): Value {
    return this.constant({ type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  /** Adds a node with one output. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    dims: Shape,
    attributes: Record<string, Attribute> = {},
  ): Value {
    const name = this.#unique(op.toLowerCase());
    this.#nodes.push({ op, name, inputs: inputs.map((input) => input?.name ?? ""), outputs: [name], attributes });
    const types = inputs.map((input) => input && this.#values.get(input.name)?.type);
    this.#values.set(name, { name, type: valueType(op, types, attributes), dims });
    return { name, dims };
  }

  /**
   * Adds nodes that are one operation together, so that a backend may do them by a kernel of its own. To all others they
   * are the nodes they are.
   *
   * @param kind What the operation is called; it fixes the order of inputs, outputs and what attributes mean.
   * @param build Adds the nodes, which may read `inputs` and constants, and returns the outputs.
   * @returns The outputs: all that others may use of what was built.
   */
  piece<const Outputs extends readonly Value[]>(
    kind: string,
    inputs: readonly (Value | undefined)[],
    build: () => Outputs,
    attributes: Record<string, Attribute> = {},
  ): Outputs {
    const from = this.#nodes.length;
    const outputs = build();
    this.#pieces.push({
      kind,
      inputs: inputs.map((input) => input?.name ?? ""),
      outputs: outputs.map((output) => output.name),
      attributes,
      nodes: this.#nodes.slice(from).map((node) => node.name),
    });
    return outputs;
  }

  /** Declares `value` as an output called `name`. */
  output(value: Value, name: string): void {
    this.#claim(name);
    // Identity costs nothing (runtimes drop it) and keeps one rule: a node's output is never renamed.
    this.#nodes.push({ op: "Identity", name: `output_${name}`, inputs: [value.name], outputs: [name], attributes: {} });
    this.#outputs.push({ name, type: "float32", dims: value.dims });
  }

  /** The graph so far, without constants and nodes that no output needs. */
  build(): Graph {
    const needed = new Set(this.#outputs.map((output) => output.name));
    const nodes: GraphNode[] = [];
    for (const node of [...this.#nodes].reverse()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      for (const input of node.inputs) needed.add(input);
      nodes.push(node);
    }
    const initializers = [...this.#initializers.values()].filter((initializer) => needed.has(initializer.name));
    const left = new Set(nodes.map((node) => node.name));
    const given = new Set(nodes.flatMap((node) => node.outputs));
    return {
      name: this.name,
      nodes: nodes.reverse(),
      initializers,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      values: [...this.#values.values()].filter((value) => given.has(value.name)),
      // A piece of which no output is needed is gone; one of which some are not cannot be done as a whole.
      pieces: this.#pieces
        .map((piece) => ({ ...piece, nodes: piece.nodes.filter((name) => left.has(name)) }))
        .filter((piece) => piece.nodes.length > 0 && piece.outputs.every((name) => given.has(name))),
    };
  }

  #claim(name: string): void {
    if (this.#used.has(name)) throw new BunrakuError("MODEL", `graph ${this.name}: the name "${name}" is taken.`);
    this.#used.set(name, 1);
  }

  #unique(name: string): string {
    const count = this.#used.get(name) ?? 0;
    this.#used.set(name, count + 1);
    if (count === 0) return name;
    return this.#unique(`${name}_${count}`);
  }
}
