import { BunrakuError, type GlobalType } from "@bunraku/backends";
import type { Size } from "@bunraku/warp";

/** What a live picture is drawn on. */
export type LiveCanvas = GlobalType<"HTMLCanvasElement"> | GlobalType<"OffscreenCanvas">;

export type CanvasContext = GlobalType<"GPUCanvasContext">;

/** @throws `OPTION` when it is no WebGPU canvas */
export function contextOf(canvas: LiveCanvas): CanvasContext {
  const context = canvas.getContext("webgpu") as CanvasContext | null;
  if (context) return context;
  throw new BunrakuError(
    "OPTION",
    "live: the canvas has no WebGPU context. Give one that nothing else has drawn on: a 2d or webgl context excludes it.",
  );
}

/** The source was made for a canvas of a size. @throws `OPTION` when this one is of another */
export function expectCanvasSize(canvas: LiveCanvas, { width, height }: Size): void {
  if (canvas.width === width && canvas.height === height) return;
  throw new BunrakuError(
    "OPTION",
    `live: the canvas must be ${width} × ${height} like the first, got ${canvas.width} × ${canvas.height}. Make another animator for another size.`,
  );
}
