/**
 * Solves M x = b for several right-hand sides at once, by elimination with partial pivoting in float64.
 *
 * @param rows the rows of [M | b], n of n + m numbers; overwritten
 * @returns x, n rows of m numbers; `undefined` when M is singular, or not finite
 */
export function solveLinear(rows: Float64Array[]): Float64Array[] | undefined {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let best = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[best]![column]!)) best = row;
    [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivotRow = rows[column]!;
    const pivot = pivotRow[column]!;
    if (pivot === 0 || !Number.isFinite(pivot)) return undefined;
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row]![column]! / pivot;
      if (factor === 0) continue;
      for (let i = column; i < pivotRow.length; i++) rows[row]![i]! -= factor * pivotRow[i]!;
    }
  }
  const solution: Float64Array[] = rows.map((row) => row.slice(size));
  for (let row = size - 1; row >= 0; row--) {
    const values = solution[row]!;
    for (let i = 0; i < values.length; i++) {
      for (let column = row + 1; column < size; column++) values[i]! -= rows[row]![column]! * solution[column]![i]!;
      values[i]! /= rows[row]![row]!;
    }
  }
  return solution.every((values) => values.every(Number.isFinite)) ? solution : undefined;
}
