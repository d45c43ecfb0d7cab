import { type Tensor, tensor } from "../contract/tensor.ts";
import { viewAlong, withDim } from "./axes.ts";
import { alike, newElements } from "./elements.ts";

/**
 * Picks rows along one axis: row `i` of the result is row `rows[i]` of `value`, and a row of -1 is `filler` (0).
 *
 * Gathering, padding, nearest resizing and tiling are this loop with different rows.
 */
export function take(value: Tensor, axis: number, rows: ArrayLike<number>, filler?: Tensor): Tensor {
  const { outer, size, inner } = viewAlong(value.dims, axis);
  const dims = withDim(value.dims, axis, rows.length);
  const out = newElements(value.type, dims);
  const from = alike(value.data);
  const to = alike(out);
  const fill = filler ? alike(filler.data)[0]! : undefined;
  for (let block = 0, at = 0; block < outer; block++) {
    for (let row = 0; row < rows.length; row++, at += inner) {
      const begin = (block * size + rows[row]!) * inner;
      if (rows[row]! >= 0) to.set(from.subarray(begin, begin + inner), at);
      else if (fill !== undefined) to.fill(fill, at, at + inner);
    }
  }
  return tensor(value.type, out, dims);
}
