import type { Io, Verbosity } from "./io.ts";

/**
 * One line on stderr that is rewritten: `loading the model …`, then `rendering: frame 12/240  31.2 fps  0:07 left`. Silent
 * when stderr is no terminal.
 */
export class Progress {
  readonly #io: Io;
  readonly #visible: boolean;
  #pass = "";
  #total: number | undefined;
  #begun = 0;
  #frames = 0;
  #shown = false;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(io: Io, { json, quiet }: Verbosity) {
    this.#io = io;
    this.#visible = io.stderr.isTTY === true && !json && !quiet;
  }

  /** Says what is being done. */
  stage(what: string): void {
    this.#draw(`${what} …`);
  }

  /** From here on frames are counted, from none. */
  begin(pass: string, total: number | undefined): void {
    this.stage(pass);
    this.#drawn = Number.NEGATIVE_INFINITY; // the first frame is shown when it is there
    this.#pass = pass;
    this.#total = total;
    this.#frames = 0;
    this.#begun = performance.now();
  }

  /** Frames per second since `begin`. */
  get rate(): number {
    return this.#frames / ((performance.now() - this.#begun) / 1000);
  }

  /** Counts a frame. */
  step(): void {
    this.#frames++;
    if (performance.now() - this.#drawn > 100)
      this.#draw(progressLine(this.#pass, this.#frames, this.#total, this.rate));
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.#io.stderr.write("\r\u001b[2K");
  }

  #draw(line: string): void {
    if (!this.#visible) return;
    this.#shown = true;
    this.#drawn = performance.now();
    // Terminals that do not know their width say 0.
    this.#io.stderr.write(`\r\u001b[2K${line.slice(0, (this.#io.stderr.columns || 80) - 1)}`);
  }
}

/** `total` is an estimate, as containers give it. */
export function progressLine(pass: string, frames: number, total: number | undefined, rate: number): string {
  const known = total !== undefined && frames <= total;
  const count = `${pass}: frame ${frames}${known ? `/${total}` : ""}  ${rate.toFixed(1)} fps`;
  if (!known || !(rate > 0)) return count;
  const seconds = Math.max(0, Math.round((total - frames) / rate));
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return `${count}  ${left} left`;
}
