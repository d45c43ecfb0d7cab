// What blocks of code in docs/ may use without saying where it comes from.
import type { Session, Tensor } from "@bunraku/backends";
import type { WebGpuBackend } from "@bunraku/backends/webgpu";
import type { Picture } from "@bunraku/warp";

declare global {
  const portrait: Picture;
  const drivingFrames: AsyncIterable<Picture>;
  function show(frame: Picture): void;
  const backend: WebGpuBackend;
  const session: Session;
  const other: Session;
  const image: Tensor<"float32">;
  const worker: Worker;
  const canvas: HTMLCanvasElement;
  const video: HTMLVideoElement;
}
