// All the work is done here, so that the page stays smooth whatever the backend.
import { animate, loadModel, type Model } from "@bunraku/animate";
import { createLiveAnimator, kernels, type LiveAnimator } from "@bunraku/animate/webgpu";
import type { Backend, LoadOptions } from "@bunraku/backends";
import { auto } from "@bunraku/backends/auto";
import { ortWeb } from "@bunraku/backends/ort-web";
import { type WebGpuBackend, webgpu } from "@bunraku/backends/webgpu";
import type { Picture } from "@bunraku/warp";
import type { ToPage, ToWorker } from "./messages.ts";

/** Draws a frame; resolves when it has been. */
type Draw = (frame: VideoFrame) => Promise<void>;

const tell = (message: ToPage) => postMessage(message);
let draw: Draw | undefined;
let live: LiveAnimator | undefined;
let losses = () => 0;

addEventListener("message", async ({ data }: MessageEvent<ToWorker>) => {
  try {
    if (data.type === "start") draw = await start(data);
    else if (data.type === "canvas") live?.showOn(data.canvas);
    else await drawFrame(data.frame);
  } catch (error) {
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
});

async function start({
  backend: name,
  software,
  canvas,
  source,
  model: url,
}: ToWorker & { type: "start" }): Promise<Draw> {
  const began = performance.now();
  const onProgress: LoadOptions["onProgress"] = (progress) => tell({ type: "progress", progress });
  const backend = await createBackend(name, software, onProgress);
  const model = await loadModel(backend, new URL(url), { onProgress });
  const drawer = backend.gpu
    ? await onGpu(backend as WebGpuBackend, model, pictureOf(source), canvas)
    : onCpu(model, pictureOf(source), canvas);
  tell({ type: "ready", report: backend.report, warnings: backend.warnings, milliseconds: performance.now() - began });
  return drawer;
}

/** This is the one line that changes between backends. */
function createBackend(name: string, software: boolean, onProgress: LoadOptions["onProgress"]): Promise<Backend> {
  const loading = onProgress ? { onProgress } : {};
  if (name === "webgpu") return webgpu({ kernels, software, ...loading });
  if (name === "ort-web") return ortWeb();
  return auto({ kernels, software, ...loading });
}

/** From frame to canvas on the GPU. */
async function onGpu(backend: WebGpuBackend, model: Model, source: Picture, canvas: OffscreenCanvas): Promise<Draw> {
  const animator = await createLiveAnimator(backend, model, source, { canvas });
  live = animator;
  losses = () => backend.memory.losses;
  return async (frame) => {
    const before = losses();
    using _ = await animator.draw(frame);
    // When the browser's GPU process died, a canvas that came from a page stays empty.
    if (losses() > before) tell({ type: "canvas-lost" });
  };
}

/** By way of the CPU: `animate` pulls driving frames, which are pushed here. */
function onCpu(model: Model, source: Picture, canvas: OffscreenCanvas): Draw {
  const context = canvas.getContext("2d")!;
  const waiting: ((picture: Picture) => void)[] = [];
  async function* driving(): AsyncGenerator<Picture> {
    for (;;) yield await new Promise<Picture>((resolve) => waiting.push(resolve));
  }
  const frames = animate(model, source, driving(), { size: { width: canvas.width, height: canvas.height }, ahead: 0 });
  return async (frame) => {
    const next = frames.next();
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve));
    waiting.shift()!(pictureOf(frame));
    using drawn = (await next).value!;
    context.putImageData(new ImageData(drawn.data as Uint8ClampedArray<ArrayBuffer>, drawn.width, drawn.height), 0, 0);
  };
}

function pictureOf(image: ImageBitmap | VideoFrame): ImageData {
  const [width, height] =
    "displayWidth" in image ? [image.displayWidth, image.displayHeight] : [image.width, image.height];
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}

async function drawFrame(frame: VideoFrame): Promise<void> {
  const began = performance.now();
  try {
    await draw?.(frame);
    tell({ type: "drawn", milliseconds: performance.now() - began, losses: losses() });
  } finally {
    frame.close();
  }
}
