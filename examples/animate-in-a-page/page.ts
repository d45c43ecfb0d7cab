import type { ToPage, ToWorker } from "./messages.ts";

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const [image, video] = [element<HTMLImageElement>("source"), element<HTMLVideoElement>("driver")];
const asked = new URLSearchParams(location.search);
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const tell = (message: ToWorker, transfer: Transferable[]) => worker.postMessage(message, transfer);
const seen = { frames: 0, losses: 0, milliseconds: [] as number[] };

worker.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  const status = element("status");
  if (data.type === "progress") status.textContent = `${data.progress.phase} ${data.progress.loaded} …`;
  if (data.type === "failed") status.textContent = data.message;
  if (data.type === "ready") {
    element("report").textContent = JSON.stringify(
      { ...data.report, checks: data.report?.checks.length, warnings: data.warnings },
      null,
      1,
    );
    void play();
  }
  if (data.type === "canvas-lost") replaceCanvas();
  if (data.type !== "drawn") return;
  seen.frames++;
  seen.losses = data.losses;
  seen.milliseconds.push(data.milliseconds);
  status.textContent = `${seen.frames} frames, the last in ${data.milliseconds.toFixed(0)} ms`;
  next();
});

/** A canvas is handed over once, so another takes its place. */
function replaceCanvas(): void {
  const canvas = element<HTMLCanvasElement>("result");
  const next = canvas.cloneNode() as HTMLCanvasElement;
  canvas.replaceWith(next);
  const screen = next.transferControlToOffscreen();
  tell({ type: "canvas", canvas: screen }, [screen]);
}

/** A frame at a time: the video goes on, and what is shown meanwhile is left out. */
function next(): void {
  video.requestVideoFrameCallback(() => {
    const frame = new VideoFrame(video);
    tell({ type: "frame", frame }, [frame]);
  });
}

async function play(): Promise<void> {
  await video.play();
  next();
}

async function start(): Promise<void> {
  image.src = new URL("../../samples/portraits/head_07.png", import.meta.url).href;
  video.src = new URL("../../samples/driving/nod.mp4", import.meta.url).href;
  await image.decode();
  const source = await createImageBitmap(image);
  const screen = element<HTMLCanvasElement>("result").transferControlToOffscreen();
  const backend = asked.get("backend") ?? "auto";
  const software = asked.has("software");
  const model = new URL("./model/", document.baseURI).href; // where vite.config.ts puts its folder
  tell({ type: "start", backend, software, canvas: screen, source, model }, [screen, source]);
}

(globalThis as { seen?: typeof seen }).seen = seen;
void start();
