import type { Shape } from "../../../contract/tensor.ts";
import type { Initializer } from "../../graph.ts";

/** The constants of a graph that is being rewritten, by name: what is asked for under a name is made once. */
export class GraphConstants {
  readonly #all: Map<string, Initializer>;

  constructor(initializers: readonly Initializer[]) {
    this.#all = new Map(initializers.map((initializer) => [initializer.name, initializer]));
  }

  get(name: string): Initializer | undefined {
    return this.#all.get(name);
  }

  all(): Initializer[] {
    return [...this.#all.values()];
  }

  floats(name: string, dims: Shape, make: () => Float32Array): string {
    if (!this.#all.has(name)) this.#all.set(name, { name, type: "float32", dims, data: make() });
    return name;
  }

  ints(name: string, make: () => BigInt64Array): string {
    if (!this.#all.has(name)) {
      const data = make();
      this.#all.set(name, { name, type: "int64", dims: [data.length], data });
    }
    return name;
  }

  /** Whole numbers, as `Reshape` wants them. */
  shape(dims: readonly number[]): string {
    return this.ints(`ints_${dims.join("_")}`, () => BigInt64Array.from(dims, BigInt));
  }
}
