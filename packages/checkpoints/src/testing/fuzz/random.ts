/** Reproducible random numbers. */
export class Random {
  #state: number;

  /** @param parts seed, iteration, …: whole numbers that together name the sequence */
  constructor(...parts: readonly number[]) {
    this.#state = 0x9e3779b9;
    for (const part of parts) {
      this.#state = (this.#state ^ part) >>> 0;
      this.below(1);
    }
  }

  /** A whole number from 0, below `end`. */
  below(end: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}
