import type { Shape } from "../../../contract/tensor.ts";
import type { Attribute, GraphNode, GraphValue } from "../../graph.ts";
import type { GraphConstants } from "./graph-constants.ts";

/** Writes the nodes that stand for one convolution. Names begin with that of its output, which no other node has. */
export class SiteWriter {
  readonly nodes: GraphNode[] = [];
  readonly values: GraphValue[] = [];
  readonly #output: string;
  readonly #constants: GraphConstants;

  /** @param constants Those of the whole graph; new ones are added. */
  constructor(output: string, constants: GraphConstants) {
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
    return this.node("Reshape", [value, this.#constants.shape(dims)], dims);
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
    return this.#constants.floats(name, dims, make);
  }
}
