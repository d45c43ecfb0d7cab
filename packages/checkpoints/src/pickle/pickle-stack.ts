import { pickleLimits } from "./limits.ts";
import type { PickleBytes } from "./pickle-bytes.ts";
import type { PickleValue } from "./values.ts";

/** The stack of the pickle machine, with its marks. */
export class PickleStack {
  readonly #reader: PickleBytes;
  readonly #values: PickleValue[] = [];
  readonly #marks: number[] = [];

  constructor(reader: PickleBytes) {
    this.#reader = reader;
  }

  get #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  push(value: PickleValue): void {
    this.#values.push(value);
  }

  mark(): void {
    if (this.#marks.length >= pickleLimits.depth) {
      throw this.#reader.error(
        `wanted at most ${pickleLimits.depth} things inside each other, got more. No checkpoint is like that.`,
      );
    }
    this.#marks.push(this.#values.length);
  }

  pop(): PickleValue {
    if (this.#values.length <= this.#floor) throw this.#underflow();
    return this.#values.pop()!;
  }

  /** The value on top, which stays. */
  top(): PickleValue {
    if (this.#values.length <= this.#floor) throw this.#underflow();
    return this.#values.at(-1)!;
  }

  /** POP takes a mark off when that is what is on top. */
  drop(): void {
    if (this.#marks.length > 0 && this.#values.length === this.#floor) this.#marks.pop();
    else this.pop();
  }

  /** Everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const start = this.#marks.pop();
    if (start === undefined) throw this.#reader.error("a mark is missing. The file is damaged; get it again.");
    return this.#values.splice(start);
  }

  #underflow(): Error {
    return this.#reader.error("a value is missing. The file is damaged; get it again.");
  }
}
