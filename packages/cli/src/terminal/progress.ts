import type { Io, Verbosity } from "./io.ts";

/** One line on stderr that is rewritten: `frame 12/240  31.2 fps  0:07 left`. Silent when stderr is no terminal. */
export class Progress {
  readonly #io: Io;
  readonly #visible: boolean;
  readonly #total: number | undefined;
  readonly #begun = performance.now();
  #frames = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(io: Io, { json, quiet }: Verbosity, total: number | undefined) {
    this.#io = io;
    this.#visible = io.stderr.isTTY === true && !json && !quiet;
    this.#total = total;
  }

  /** Frames per second so far. */
  get rate(): number {
    return this.#frames / ((performance.now() - this.#begun) / 1000);
  }

  /** Counts a frame. */
  step(): void {
    this.#frames++;
    const now = performance.now();
    if (!this.#visible || now - this.#drawn < 100) return;
    this.#drawn = now;
    const line = progressLine(this.#frames, this.#total, this.rate);
    this.#io.stderr.write(`\r\u001b[2K${line.slice(0, (this.#io.stderr.columns ?? 80) - 1)}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#visible && Number.isFinite(this.#drawn)) this.#io.stderr.write("\r\u001b[2K");
  }
}

export function progressLine(frames: number, total: number | undefined, rate: number): string {
  const count = total === undefined ? `frame ${frames}` : `frame ${frames}/${total}`;
  if (total === undefined || !(rate > 0)) return `${count}  ${rate.toFixed(1)} fps`;
  const seconds = Math.max(0, Math.round((total - frames) / rate));
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return `${count}  ${rate.toFixed(1)} fps  ${left} left`;
}
