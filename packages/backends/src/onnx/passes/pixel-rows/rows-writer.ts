import type { Shape } from "../../../contract/tensor.ts";
import type { Attribute, GraphNode, GraphValue } from "../../graph.ts";
import type { GraphConstants } from "../conv-forms/graph-constants.ts";
import type { SiteWriter } from "../conv-forms/site-writer.ts";
import { lineOrder, type PixelOrder, reorder } from "./pixel-order.ts";

/** A value as a matrix `[rows, C]`. */
export interface Rows {
  readonly name: string;
  readonly order: PixelOrder;
  readonly channels: number;
}

/**
 * Writes a graph some of whose values stand as matrices of pixels by channels, in whatever order the pixels came.
 *
 * A value is turned from one to the other where it is wanted so, once.
 */
export class RowsWriter {
  readonly nodes: GraphNode[] = [];
  readonly values: GraphValue[] = [];
  readonly constants: GraphConstants;
  readonly #dims: ReadonlyMap<string, Shape>;
  readonly #rows = new Map<string, Map<string, Rows>>();
  /** Values that stand as maps `[1, C, H, W]`, or as whatever the graph has them. */
  readonly #maps: Set<string>;

  /**
   * @param dims Of all values of the graph, by name.
   * @param given Names that are there before any node.
   */
  constructor(dims: ReadonlyMap<string, Shape>, constants: GraphConstants, given: Iterable<string>) {
    this.#dims = dims;
    this.constants = constants;
    this.#maps = new Set(given);
  }

  dimsOf(name: string): Shape {
    return this.#dims.get(name) ?? [];
  }

  /** A node whose inputs are maps; they are made, where they only stand as rows. */
  copy(node: GraphNode): void {
    for (const input of node.inputs) this.#needMap(input);
    this.nodes.push(node);
    for (const output of node.outputs) this.#maps.add(output);
  }

  /** Whether a value stands as rows only. */
  isRows(name: string): boolean {
    return this.#rows.has(name) && !this.#maps.has(name);
  }

  /** The order of a value that stands as rows. */
  orderOf(name: string): PixelOrder | undefined {
    return this.#rows.get(name)?.values().next().value?.order;
  }

  /** A value as rows, in `order` or, without, in whichever it stands. */
  rows(name: string, order?: PixelOrder): Rows {
    const known = this.#rows.get(name) ?? new Map<string, Rows>();
    const there = order ? known.get(order.key) : known.values().next().value;
    if (there) return there;
    const first: Rows | undefined = known.values().next().value;
    const made = first ? this.#reordered(first, order!) : this.#fromMap(name);
    const wanted = !order || made.order.key === order.key ? made : this.#reordered(made, order);
    for (const rows of [made, wanted]) this.addRows(name, rows);
    return wanted;
  }

  /** Says that a value of the graph now stands as these rows. */
  addRows(name: string, rows: Rows): void {
    const known = this.#rows.get(name) ?? new Map<string, Rows>();
    if (!known.has(rows.order.key)) known.set(rows.order.key, rows);
    this.#rows.set(name, known);
  }

  node(
    op: string,
    name: string,
    inputs: readonly string[],
    dims: Shape,
    attributes: Record<string, Attribute> = {},
  ): string {
    this.nodes.push({ op, name, inputs, outputs: [name], attributes });
    this.values.push({ name, type: "float32", dims });
    return name;
  }

  reshape(name: string, value: string, dims: readonly number[]): string {
    return this.node("Reshape", name, [value, this.constants.shape(dims)], dims);
  }

  /** What was written to give a value of the graph, as a map. */
  addMap(name: string, { nodes, values }: Pick<SiteWriter, "nodes" | "values">): void {
    this.nodes.push(...nodes);
    this.values.push(...values);
    this.#maps.add(name);
  }

  #reordered(rows: Rows, order: PixelOrder): Rows {
    const index = this.constants.ints(`${rows.order.key} → ${order.key}`, () => reorder(rows.order, order));
    const name = this.node("Gather", `${rows.name}.${order.key}`, [rows.name, index], [order.rows, rows.channels], {
      axis: 0,
    });
    return { name, order, channels: rows.channels };
  }

  /** `[1, C, H, W]` → rows, line by line */
  #fromMap(name: string): Rows {
    const [, channels, height, width] = this.dimsOf(name) as [number, number, number, number];
    const order = lineOrder([height, width]);
    const flat = [channels, order.rows];
    const reshaped = this.reshape(`${name}.flat`, name, flat);
    const turned = this.node("Transpose", `${name}.rows`, [reshaped], [order.rows, channels], { perm: [1, 0] });
    return { name: turned, order, channels };
  }

  #needMap(name: string): void {
    if (this.#maps.has(name) || !this.#rows.has(name)) return;
    const dims = this.dimsOf(name) as [number, number, number, number];
    const { name: lines, channels, order } = this.rows(name, lineOrder([dims[2], dims[3]]));
    const turned = this.node("Transpose", `${name}.channels`, [lines], [channels, order.rows], { perm: [1, 0] });
    this.nodes.push({
      op: "Reshape",
      name,
      inputs: [turned, this.constants.shape(dims)],
      outputs: [name],
      attributes: {},
    });
    this.#maps.add(name);
  }
}
