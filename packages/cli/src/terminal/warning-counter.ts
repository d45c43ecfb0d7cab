import type { Warning } from "@bunraku/backends";
import { printable } from "./printable.ts";

/** A warning, and how often it was worth saying. */
export type CountedWarning = Warning & { readonly count: number };

/** The same thing may be worth saying for a thousand frames: it is said once, with a count. */
export class WarningCounter {
  readonly #counts = new Map<string, Warning & { count: number }>();

  add(...warnings: readonly Warning[]): void {
    for (const warning of warnings) {
      const known = this.#counts.get(warning.message);
      if (known) known.count++;
      else if (this.#counts.size < 100) this.#counts.set(warning.message, { ...warning, count: 1 });
    }
  }

  get all(): CountedWarning[] {
    return [...this.#counts.values()];
  }
}

/** The warnings as lines, for people. */
export function warningLines(warnings: readonly CountedWarning[]): string {
  return warnings
    .map(({ message, count }) => `note: ${printable(message)}${count > 1 ? ` (${count} times)` : ""}\n`)
    .join("");
}
