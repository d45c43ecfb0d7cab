import { expectShape } from "@bunraku/backends";
import { toPixels } from "../grid-sample/grid-sample.ts";
import type { Flow } from "../identity-grid/identity-grid.ts";

/**
 * How far from itself each pixel reads, as a share of the picture's width and height: free of any resolution.
 *
 * `data` is `[height, width, 2]`, (x, y) per cell. A cell stands for the part of the picture it covers, so that a map
 * of 32 × 32 fits a picture of any size, cell centres on the centres of what they cover.
 */
export interface Displacement {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * The displacement of a flow.
 *
 * A flow's coordinates hang on the corner pixels of its own map, so interpolating them for a larger picture stretches
 * it; a displacement does not: the identity stays the identity at every size.
 *
 * @param alignCorners how the model that made the flow samples; unaligned, the identity grid is not quite the identity
 */
export function displacementOf(flow: Flow, { alignCorners }: { alignCorners: boolean }): Displacement {
  const [, height, width] = expectShape(flow, [1, "H", "W", 2], "flow").dims;
  const data = new Float32Array(height * width * 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * (y * width + x);
      data[at] = finite((toPixels(flow.data[at]!, width, alignCorners) - x) / width);
      data[at + 1] = finite((toPixels(flow.data[at + 1]!, height, alignCorners) - y) / height);
    }
  }
  return { height, width, data };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
