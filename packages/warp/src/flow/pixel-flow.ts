import { BunrakuError, expectShape, type Tensor } from "@bunraku/backends";

/**
 * How far from itself each pixel reads, in pixels: optical flow as benchmarks store it.
 *
 * Convention: `[1, H, W, 2]`, (u, v), u to the right and v down; pixel (x, y) reads, or corresponds to, (x + u, y + v).
 * It has the dims of a `Flow`, which holds the places themselves, in [-1, 1]: `flowToPixels` and `flowFromPixels` go
 * from one to the other.
 */
export type PixelFlow = Tensor<"float32", readonly [1, number, number, 2]>;

/** 1 where something holds, else 0: `[1, H, W]`. */
export type Mask = Tensor<"bool", readonly [1, number, number]>;

/** A flow that is not known everywhere. */
export interface MaskedFlow {
  /** In pixels; NaN where it is not known, which `gridSample` reads as zeros. */
  readonly flow: PixelFlow;
  /** 1 where the flow is known. */
  readonly valid: Mask;
}

/** From this magnitude on, Middlebury calls a flow unknown. */
export const unknownFlow = 1e9;

/**
 * Where a flow in pixels is known: both numbers are finite, at most 1e9, and `valid`, if there is one, says so.
 *
 * @returns `[H · W]`, 1 or 0
 * @throws `SHAPE` when the flow is not `[1, H, W, 2]` or the mask not `[1, H, W]`
 */
export function knownPixels(flow: PixelFlow, valid: Mask | undefined, what: string): Uint8Array {
  const [, height, width] = expectPixelFlow(flow, what).dims;
  if (valid) expectShape(valid, [1, height, width], `${what}, valid`);
  const known = new Uint8Array(height * width);
  for (let i = 0; i < known.length; i++) {
    const within = Math.abs(flow.data[2 * i]!) <= unknownFlow && Math.abs(flow.data[2 * i + 1]!) <= unknownFlow;
    known[i] = within && valid?.data[i] !== 0 ? 1 : 0;
  }
  return known;
}

/** @throws `SHAPE` when it is not `[1, H, W, 2]` with at least one pixel. */
export function expectPixelFlow(flow: PixelFlow, what: string): PixelFlow {
  const [, height, width] = expectShape(flow, [1, "H", "W", 2], what).dims;
  if (height === 0 || width === 0) {
    throw new BunrakuError("SHAPE", `${what}: expected at least 1 × 1 pixels, got ${width} × ${height}.`);
  }
  return flow;
}
