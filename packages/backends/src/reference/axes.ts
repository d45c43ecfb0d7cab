import { BunrakuError } from "../contract/error.ts";

/** An axis counted from the front: -1 is the last. @throws `SHAPE` when there is no such axis. */
export function axisOf(axis: number, rank: number): number {
  const fromFront = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && fromFront >= 0 && fromFront < rank) return fromFront;
  throw new BunrakuError("SHAPE", `axis must be from ${-rank} to ${rank - 1}, got ${axis}.`);
}

/** A tensor seen along one axis: `outer` blocks of `size` rows of `inner` elements. */
export interface AxisView {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

export function viewAlong(dims: readonly number[], axis: number): AxisView {
  let outer = 1;
  let inner = 1;
  for (let before = 0; before < axis; before++) outer *= dims[before]!;
  for (let after = axis + 1; after < dims.length; after++) inner *= dims[after]!;
  return { outer, size: dims[axis]!, inner };
}

/** The dims with one of them changed. */
export function withDim(dims: readonly number[], axis: number, size: number): number[] {
  return dims.map((dim, at) => (at === axis ? size : dim));
}
