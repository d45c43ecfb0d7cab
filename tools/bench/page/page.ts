// Runs inside Chromium: the default model on the shipped clip, from an MP4 to a file, as an application would do it.
import { animate, loadModel, type Model } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";
import { ortWeb } from "@bunraku/backends/ort-web";
import {
  ALL_FORMATS,
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Input,
  Mp4OutputFormat,
  Output,
  UrlSource,
  VideoSampleSink,
} from "mediabunny";

/** A model, and what it runs on. */
interface Runner {
  readonly backend: Backend;
  readonly model: Model;
}

const runners = new Map<number, Runner>();
const size = 256;

async function prepare(threads: number): Promise<string> {
  const backend = await ortWeb({ threads });
  runners.set(threads, { backend, model: await loadModel(backend, new URL("model/", location.href)) });
  const codec = await getFirstEncodableVideoCodec(["avc", "vp9", "vp8"], { width: size, height: size });
  return `${backend.report!.runtime} with ${backend.report!.threads} threads, ${codec ?? "no codec"} out`;
}

/** @returns milliseconds per frame, from opening the clip to the finished file */
async function run(threads: number): Promise<number> {
  const { model } = runners.get(threads)!;
  const source = await portrait();
  const begun = performance.now();
  const input = new Input({ source: new UrlSource("nod.mp4"), formats: ALL_FORMATS });
  const track = (await input.getPrimaryVideoTrack())!;
  const canvas = new OffscreenCanvas(size, size);
  const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() });
  const codec = (await getFirstEncodableVideoCodec(["avc", "vp9", "vp8"], { width: size, height: size }))!;
  const writer = new CanvasSource(canvas, { codec, bitrate: 1e6 });
  output.addVideoTrack(writer, { frameRate: 24 });
  await output.start();
  const context = canvas.getContext("2d")!;
  let frames = 0;
  for await (const { width, height, data } of animate(model, source, pictures(new VideoSampleSink(track)))) {
    context.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
    await writer.add(frames / 24, 1 / 24);
    frames++;
  }
  await output.finalize();
  return (performance.now() - begun) / frames;
}

async function* pictures(sink: VideoSampleSink): AsyncGenerator<ImageData, void, undefined> {
  const context = new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true })!;
  for await (const sample of sink.samples()) {
    sample.draw(context, 0, 0, size, size);
    sample.close();
    yield context.getImageData(0, 0, size, size);
  }
}

async function portrait(): Promise<ImageData> {
  const bitmap = await createImageBitmap(await (await fetch("head_07.png")).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

export const bench = { prepare, run };
(globalThis as { bench?: typeof bench }).bench = bench;
