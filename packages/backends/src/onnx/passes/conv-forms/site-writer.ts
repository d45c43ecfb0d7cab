import type { Shape } from "../../../contract/tensor.ts";
import type { Attribute, GraphNode, GraphValue, Initializer } from "../../graph.ts";

/** Writes the nodes that stand for one convolution. Names begin with that of its output, which no other node has. */
export class SiteWriter {
  readonly nodes: GraphNode[] = [];
  readonly values: GraphValue[] = [];
  readonly #output: string;
  readonly #constants: Map<string, Initializer>;

  /** @param constants Those of the whole graph, by name; new ones are added to it. */
  constructor(output: string, constants: Map<string, Initializer>) {
    this.#output = output;
    this.#constants = constants;
  }

  node(op: string, inputs: readonly string[], dims: Shape, attributes: Record<string, Attribute> = {}): string {
    const name = `${this.#output}.${this.nodes.length}`;
    this.#add(op, name, inputs, attributes);
    this.values.push({ name, type: "float32", dims });
    return name;
  }

  reshape(value: string, dims: readonly number[]): string {
    return this.node("Reshape", [value, this.ints(dims)], dims);
  }

  /** The last node: its result takes the name of the convolution's. */
  finish(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): void {
    this.#add(op, this.#output, inputs, attributes);
  }

  #add(op: string, name: string, inputs: readonly string[], attributes: Record<string, Attribute>): void {
    this.nodes.push({ op, name, inputs, outputs: [name], attributes });
  }

  /** A constant of this convolution. */
  own(tag: string, dims: readonly number[], data: Float32Array): string {
    return this.shared(`${this.#output}.${tag}`, dims, () => data);
  }

  /** A constant that others use, too: made once per name. */
  shared(name: string, dims: readonly number[], make: () => Float32Array): string {
    if (!this.#constants.has(name)) this.#constants.set(name, { name, type: "float32", dims, data: make() });
    return name;
  }

  /** Whole numbers, as `Reshape` wants them. */
  ints(values: readonly number[]): string {
    const name = `ints_${values.join("_")}`;
    if (!this.#constants.has(name)) {
      this.#constants.set(name, {
        name,
        type: "int64",
        dims: [values.length],
        data: BigInt64Array.from(values, BigInt),
      });
    }
    return name;
  }
}
