import type { Io, Verbosity } from "./io.ts";

/**
 * One line on stderr that is rewritten: `loading the model …`, then `frame 12/240  31.2 fps  0:07 left`. Silent when
 * stderr is no terminal.
 */
export class Progress {
  readonly #io: Io;
  readonly #visible: boolean;
  #total: number | undefined;
  #begun = 0;
  #frames = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(io: Io, { json, quiet }: Verbosity) {
    this.#io = io;
    this.#visible = io.stderr.isTTY === true && !json && !quiet;
  }

  /** Says what is being done. */
  stage(what: string): void {
    this.#draw(`${what} …`);
  }

  /** From here on frames are counted. */
  begin(total: number | undefined): void {
    this.#total = total;
    this.#begun = performance.now();
  }

  /** Frames per second since `begin`. */
  get rate(): number {
    return this.#frames / ((performance.now() - this.#begun) / 1000);
  }

  /** Counts a frame. */
  step(): void {
    this.#frames++;
    if (performance.now() - this.#drawn > 100) this.#draw(progressLine(this.#frames, this.#total, this.rate));
  }

  /** Takes the line away. */
  end(): void {
    if (this.#visible && Number.isFinite(this.#drawn)) this.#io.stderr.write("\r\u001b[2K");
  }

  #draw(line: string): void {
    if (!this.#visible) return;
    this.#drawn = performance.now();
    this.#io.stderr.write(`\r\u001b[2K${line.slice(0, (this.#io.stderr.columns ?? 80) - 1)}`);
  }
}

export function progressLine(frames: number, total: number | undefined, rate: number): string {
  const count = total === undefined ? `frame ${frames}` : `frame ${frames}/${total}`;
  if (total === undefined || !(rate > 0)) return `${count}  ${rate.toFixed(1)} fps`;
  const seconds = Math.max(0, Math.round((total - frames) / rate));
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return `${count}  ${rate.toFixed(1)} fps  ${left} left`;
}
