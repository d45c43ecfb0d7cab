import type { Size } from "../resize/resize-bilinear.ts";

/** What a shader that reads a flow is written for. */
export interface DisplacementShader {
  /** Of the flow. */
  readonly cells: Size;
  readonly alignCorners: boolean;
}

/**
 * `displacementOf`, read bilinearly between the centres of cells: how far from itself a place reads.
 *
 * It reads a storage binding `flow: array<vec2f>`, `[h, w]`; places and displacements are shares of the picture.
 */
export const displacementWgsl = ({ cells, alignCorners }: DisplacementShader) => /* wgsl */ `
const cells = vec2f(${cells.width}, ${cells.height});

// How far from itself a cell reads, as a share of the picture.
fn displacementAt(cell: vec2u) -> vec2f {
  let coordinate = flow[cell.y * ${cells.width}u + cell.x];
  let pixel = ${alignCorners ? "(coordinate + 1.0) / 2.0 * (cells - 1.0)" : "((coordinate + 1.0) * cells - 1.0) / 2.0"};
  let moved = (pixel - vec2f(cell)) / cells;
  // Not a number is no place to read from.
  return select(vec2f(), moved, abs(moved) < vec2f(1e6));
}

fn displacement(place: vec2f) -> vec2f {
  let cell = clamp(place * cells - 0.5, vec2f(), cells - 1.0);
  let near = vec2u(cell);
  let far = min(near + 1u, vec2u(cells) - 1u);
  let share = fract(cell);
  let upper = mix(displacementAt(near), displacementAt(vec2u(far.x, near.y)), share.x);
  let lower = mix(displacementAt(vec2u(near.x, far.y)), displacementAt(far), share.x);
  return mix(upper, lower, share.y);
}
`;
