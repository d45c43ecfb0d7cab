/** In which order the pixels of a map stand, as rows of a matrix of pixels by channels. */
export interface PixelOrder {
  /** Orders of the same key are the same. */
  readonly key: string;
  /** Height and width of the map, in pixels. */
  readonly size: readonly [height: number, width: number];
  /** Rows of the matrix: at least as many as there are pixels. What is in the others does not matter. */
  readonly rows: number;
  rowOf(y: number, x: number): number;
}

type Size = PixelOrder["size"];

/** Line by line, as pictures are stored. */
export function lineOrder(size: Size): PixelOrder {
  const [height, width] = size;
  return { key: `lines ${height}x${width}`, size, rows: height * width, rowOf: (y, x) => y * width + x };
}

/** All first pixels of tiles of `side` × `side`, then all second ones, …: as a product by tiles gives them. */
export function tileOrder(size: Size, side: number): PixelOrder {
  const [height, width] = size;
  const [down, across] = [Math.ceil(height / side), Math.ceil(width / side)];
  return {
    key: `tiles of ${side} ${height}x${width}`,
    size,
    rows: side * side * down * across,
    rowOf: (y, x) =>
      ((y % side) * side + (x % side)) * down * across + Math.floor(y / side) * across + Math.floor(x / side),
  };
}

/** Which row of `from` each row of `to` is; rows that are no pixels take the first. */
export function reorder(from: PixelOrder, to: PixelOrder): BigInt64Array {
  const rows = new BigInt64Array(to.rows);
  const [height, width] = to.size;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[to.rowOf(y, x)] = BigInt(from.rowOf(y, x));
  return rows;
}
