import type { BackendReport, Progress, Warning } from "@bunraku/backends";

/** What the page tells its worker. */
export type ToWorker =
  | { type: "start"; backend: string; software: boolean; canvas: OffscreenCanvas; source: ImageBitmap; model: string }
  | { type: "frame"; frame: VideoFrame }
  | { type: "canvas"; canvas: OffscreenCanvas };

/** What the worker tells its page. */
export type ToPage =
  | { type: "progress"; progress: Progress }
  | { type: "ready"; report: BackendReport | undefined; warnings: readonly Warning[]; milliseconds: number }
  | { type: "drawn"; milliseconds: number; losses: number }
  | { type: "canvas-lost" }
  | { type: "failed"; message: string };
