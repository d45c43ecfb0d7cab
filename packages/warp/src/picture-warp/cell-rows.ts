import { BunrakuError } from "@bunraku/backends";

/** A map of a few values per cell, laid over a picture of any size. `data` is `[height, width, channels]`. */
export interface CellMap {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * Reads a small map at the resolution of a picture, row by row: bilinear between cell centres, constant beyond them.
 *
 * Rows share one buffer: a caller is done with one before it asks for the next.
 */
export class CellRows {
  readonly #map: CellMap;
  readonly #channels: number;
  readonly #height: number;
  readonly #left: Int32Array;
  readonly #share: Float32Array;
  readonly #mixed: Float32Array;
  readonly #row: Float32Array;

  /** @throws `SHAPE` when the map has more or fewer values than its cells need. */
  constructor(
    map: CellMap,
    channels: number,
    size: { readonly width: number; readonly height: number },
    what = "cell map",
  ) {
    const needed = map.height * map.width * channels;
    if (map.data.length !== needed) {
      throw new BunrakuError(
        "SHAPE",
        `${what}: ${map.width} × ${map.height} cells of ${channels} need ${needed} values, got ${map.data.length}.`,
      );
    }
    this.#map = map;
    this.#channels = channels;
    this.#height = size.height;
    this.#left = new Int32Array(size.width);
    this.#share = new Float32Array(size.width);
    for (let x = 0; x < size.width; x++) {
      const place = placeOf(x, size.width, map.width);
      this.#left[x] = Math.min(Math.floor(place), Math.max(0, map.width - 2));
      this.#share[x] = map.width === 1 ? 0 : place - this.#left[x]!;
    }
    this.#mixed = new Float32Array(map.width * channels);
    this.#row = new Float32Array(size.width * channels);
  }

  /** The map's values along row `y` of the picture: `[width, channels]`. */
  at(y: number): Float32Array {
    const { height, width, data } = this.#map;
    const channels = this.#channels;
    const place = placeOf(y, this.#height, height);
    const top = Math.floor(place);
    const bottom = Math.min(top + 1, height - 1);
    const lower = place - top;
    const stride = width * channels;
    mixRow(this.#mixed, data, top * stride, bottom * stride, lower);
    const row = this.#row;
    const step = width === 1 ? 0 : channels;
    if (channels === 2) readPairs(row, this.#mixed, this.#left, this.#share, step);
    else readCells(row, this.#mixed, this.#left, this.#share, channels, step);
    return row;
  }
}

function readCells(
  row: Float32Array,
  mixed: Float32Array,
  lefts: Int32Array,
  shares: Float32Array,
  channels: number,
  step: number,
): void {
  for (let c = 0; c < channels; c++) {
    for (let x = 0, to = c; x < lefts.length; x++, to += channels) {
      const share = shares[x]!;
      const from = lefts[x]! * channels + c;
      row[to] = mixed[from]! * (1 - share) + mixed[from + step]! * share;
    }
  }
}

/** `readCells` for two channels, as every displacement has them: a third faster in one pass. */
function readPairs(
  row: Float32Array,
  mixed: Float32Array,
  lefts: Int32Array,
  shares: Float32Array,
  step: number,
): void {
  for (let x = 0; x < lefts.length; x++) {
    const share = shares[x]!;
    const rest = 1 - share;
    const from = 2 * lefts[x]!;
    row[2 * x] = mixed[from]! * rest + mixed[from + step]! * share;
    row[2 * x + 1] = mixed[from + 1]! * rest + mixed[from + step + 1]! * share;
  }
}

/** Two rows of a map, mixed. */
function mixRow(mixed: Float32Array, data: Float32Array, above: number, below: number, lower: number): void {
  const upper = 1 - lower;
  for (let i = 0; i < mixed.length; i++) mixed[i] = data[above + i]! * upper + data[below + i]! * lower;
}

/** The place, in cells, of pixel `index`: half-pixel centres, clamped to the outermost cell centres. */
function placeOf(index: number, size: number, cells: number): number {
  return Math.min(Math.max(((index + 0.5) * cells) / size - 0.5, 0), cells - 1);
}
