import type { ValueRange } from "@bunraku/backends/onnx";

const bins = 2048;

/** How often a value takes which numbers: a histogram around zero that widens as numbers grow. */
export class ValueHistogram {
  #counts = new Float64Array(bins);
  /** It reaches from -reach to reach. */
  #reach = 0;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;

  /** @param numbers borrowed */
  add(numbers: Float32Array): void {
    let [least, greatest] = [this.#least, this.#greatest];
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i]!;
      if (number < least) least = number;
      if (number > greatest) greatest = number;
    }
    this.#least = least;
    this.#greatest = greatest;
    this.#widen(Math.max(-least, greatest));
    const [counts, reach] = [this.#counts, this.#reach];
    if (reach === 0) return; // all zero: nothing to clip
    const perUnit = bins / 2 / reach;
    for (let i = 0; i < numbers.length; i++) {
      const bin = Math.floor((numbers[i]! + reach) * perUnit);
      counts[bin < bins ? bin : bins - 1]!++;
    }
  }

  /** From the least to the greatest number. */
  get range(): ValueRange {
    return this.#least > this.#greatest ? [0, 0] : [this.#least, this.#greatest];
  }

  /**
   * The part of the range that 256 steps show best: cut off at both ends where finer steps win more than clipping loses,
   * by the mean squared error.
   */
  get clippedRange(): ValueRange {
    const { range } = this;
    let [best, least] = [range, Number.POSITIVE_INFINITY];
    for (let part = 100; part >= 20; part -= 2) {
      const candidate: ValueRange = [(range[0] * part) / 100, (range[1] * part) / 100];
      const error = this.#errorOf(candidate);
      if (error < least) [best, least] = [candidate, error];
    }
    return best;
  }

  /** The squared error of numbers that are rounded to 256 steps of a range, summed. */
  #errorOf([from, to]: ValueRange): number {
    const step = (Math.max(to, 0) - Math.min(from, 0)) / 255;
    const rounding = (step * step) / 12;
    const width = (2 * this.#reach) / bins;
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) {
      const count = this.#counts[bin]!;
      if (count === 0) continue;
      const number = (bin + 0.5) * width - this.#reach;
      const over = number > to ? number - to : number < from ? from - number : 0;
      sum += count * (over * over + rounding);
    }
    return sum;
  }

  /** Twice as wide, with half as many bins for what is there, as often as it takes. */
  #widen(reach: number): void {
    if (this.#reach === 0) this.#reach = Number.isFinite(reach) ? Math.max(reach, 0) : 0;
    while (this.#reach > 0 && this.#reach < reach && Number.isFinite(reach)) {
      const wide = new Float64Array(bins);
      for (let bin = 0; bin < bins; bin++) wide[bins / 4 + Math.floor(bin / 2)]! += this.#counts[bin]!;
      this.#counts = wide;
      this.#reach *= 2;
    }
  }
}
