import { BunrakuError } from "@bunraku/backends";

/**
 * Undoes PNG's row filters in place: each byte was written as its difference from a guess by its neighbours.
 *
 * @param rows for each row the number of its filter and `rowBytes` bytes
 * @param pixelBytes bytes of a pixel: how far away "left" is
 * @throws `MEDIA` for a filter that PNG does not have
 * @see w3.org/TR/png-3, 9.2
 */
export function unfilter(rows: Uint8Array, rowBytes: number, pixelBytes: number, who: string): void {
  const stride = rowBytes + 1;
  for (let start = 0; start < rows.length; start += stride) {
    const filter = rows[start]!;
    if (filter > 4) throw new BunrakuError("MEDIA", `${who}: PNG has no row filter ${filter}; the file is damaged.`);
    if (filter === 0) continue;
    for (let i = 1; i <= rowBytes; i++) {
      const left = i > pixelBytes ? rows[start + i - pixelBytes]! : 0;
      const above = start > 0 ? rows[start + i - stride]! : 0;
      const corner = start > 0 && i > pixelBytes ? rows[start + i - stride - pixelBytes]! : 0;
      const guess =
        filter === 1 ? left : filter === 2 ? above : filter === 3 ? (left + above) >> 1 : paeth(left, above, corner);
      rows[start + i]! += guess; // bytes wrap around
    }
  }
}

/** Whichever neighbour is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - 2 * corner);
  return byLeft <= byAbove && byLeft <= byCorner ? left : byAbove <= byCorner ? above : corner;
}
