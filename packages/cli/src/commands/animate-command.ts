import { type AnimateOptions, animate, loadModel, type RenderMode } from "@bunraku/animate";
import type { Warning } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { createVideoWriter, loadPicture, openVideo, type VideoReader } from "@bunraku/media/node";
import type { Crop, Size } from "@bunraku/warp";
import { mayOverwrite } from "../terminal/confirm-overwrite.ts";
import type { Io, Verbosity } from "../terminal/io.ts";
import type { CropChoice } from "../terminal/option-values.ts";
import { Progress } from "../terminal/progress.ts";
import { chooseCrops } from "./choose-crops.ts";
import { type ModelChoice, openModel } from "./open-model.ts";
import { refuseOwnInputs } from "./refuse-own-inputs.ts";

export interface AnimateCommandOptions extends ModelChoice, Verbosity {
  readonly driving: string;
  readonly output: string;
  readonly absolute?: boolean;
  readonly adaptScale?: boolean;
  readonly render?: RenderMode;
  readonly size?: number;
  readonly frameSize?: number;
  readonly sourceCrop?: CropChoice;
  readonly drivingCrop?: CropChoice;
  readonly start?: number;
  readonly duration?: number;
  readonly background?: readonly [number, number, number];
  readonly quality?: number;
  readonly mute?: boolean;
  readonly threads?: number;
  readonly yes?: boolean;
}

/** What a run did; printed with `--json`. */
export interface AnimateReport {
  readonly output: string;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** Seconds of the result. */
  readonly duration: number;
  /** Frames made per second, from the first to the last, with decoding and encoding. */
  readonly framesPerSecond: number;
  readonly audio: string;
  /** The parts of source and driving that were used. */
  readonly sourceCrop: Crop;
  readonly drivingCrop: Crop;
  readonly warnings: readonly (Warning & { readonly count: number })[];
}

/** Longer sides are reduced to this unless --size asks for more: larger videos play badly, and slow down every step. */
const longestSide = 1280;

/** `bunraku animate`: a picture and a video in, a video out. */
export async function animateCommand(
  io: Io,
  sourcePath: string,
  options: AnimateCommandOptions,
): Promise<AnimateReport> {
  const { signal } = io;
  const { driving, model: bundle, checkpoint, config } = options;
  await refuseOwnInputs(options.output, [sourcePath, driving, bundle, checkpoint, config]);
  const overwrite = await mayOverwrite(io, options, options.output);
  // Inputs before the model: a mistyped name is told at once.
  const source = await loadPicture(sourcePath, { signal });
  await using video = await openVideo(options.driving, { signal });
  await checkOutput(options.output, overwrite);
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("loading the model");
  await using backend = await ortNode(options.threads === undefined ? {} : { threads: options.threads });
  await using opened = await openModel(options, signal);
  const { frameSize } = options;
  await using model = await loadModel(backend, opened.bundle, {
    signal,
    ...(options.alignCorners !== undefined && { alignCorners: options.alignCorners }),
    ...(frameSize !== undefined && { size: { height: frameSize, width: frameSize } }),
  });
  progress.stage("framing");
  const {
    sourceCrop,
    drivingCrop,
    warnings: framing,
  } = await chooseCrops(backend, opened.bundle, model.size, { source, video }, options, signal);
  const size = outputSize(options, sourceCrop, model.size);
  const warnings = new WarningCounter();
  for (const warning of [...video.warnings, ...framing]) warnings.add(warning);

  await using writer = await createVideoWriter(options.output, {
    ...size,
    frameRate: video.info.frameRate,
    overwrite,
    signal,
    ...(options.mute ? {} : { audio: video.audio }),
    ...(options.quality !== undefined && { quality: options.quality }),
  });
  progress.begin(expectedFrames(video, options));
  const range = { signal, start: options.start, duration: options.duration };
  const chosen = animateOptions(options, { sourceCrop, drivingCrop, size, signal });
  for await (const frame of animate(model, source, video.frames(range), chosen)) {
    for (const warning of frame.warnings) warnings.add(warning);
    await writer.write(frame);
    progress.step();
  }
  const framesPerSecond = progress.rate;
  progress.stage("finishing");
  const written = await writer.finish();
  for (const warning of written.warnings) warnings.add(warning);
  const report: AnimateReport = {
    output: written.path,
    frames: written.frames,
    ...size,
    duration: written.duration,
    framesPerSecond: Math.round(framesPerSecond * 10) / 10,
    audio: written.audio,
    sourceCrop,
    drivingCrop,
    warnings: warnings.all,
  };
  return report;
}

/** A writer that is thrown away: what cannot be written is told before the model is loaded. */
async function checkOutput(path: string, overwrite: boolean): Promise<void> {
  const writer = await createVideoWriter(path, { width: 2, height: 2, overwrite });
  await writer[Symbol.asyncDispose]();
}

function animateOptions(
  options: AnimateCommandOptions,
  chosen: Pick<AnimateOptions, "sourceCrop" | "drivingCrop" | "size" | "signal">,
): AnimateOptions {
  return {
    ...chosen,
    movement: options.absolute ? "absolute" : "relative",
    adaptScale: options.adaptScale ?? true,
    ...(options.render && { render: options.render }),
    ...(options.background && { background: options.background }),
  };
}

/** The result's size: what was asked for, else the source's own within limits, or the model's. */
function outputSize({ size, render, output }: AnimateCommandOptions, crop: Crop, model: Size): Size {
  const unit = /\.(mp4|m4v|webm)$/i.test(output) ? 2 : 1; // video has even sides
  const scaled = (scale: number): Size => {
    const side = (pixels: number) => Math.max(unit, unit * Math.round((pixels * scale) / unit));
    return { width: side(crop.width), height: side(crop.height) };
  };
  if (size !== undefined) return scaled(size / Math.max(crop.width, crop.height));
  const small = crop.width <= model.width && crop.height <= model.height;
  if (render === "generator" || (render === undefined && small)) return model;
  return scaled(Math.min(1, longestSide / Math.max(crop.width, crop.height)));
}

function expectedFrames({ info }: VideoReader, { start = 0, duration }: AnimateCommandOptions): number | undefined {
  if (info.frameCount === undefined || (start === 0 && duration === undefined)) return info.frameCount;
  const seconds = Math.min(duration ?? Number.POSITIVE_INFINITY, info.duration - start);
  return Math.max(1, Math.round((info.frameCount * seconds) / info.duration));
}

/** The same thing may be worth saying for a thousand frames: it is said once, with a count. */
class WarningCounter {
  readonly #counts = new Map<string, Warning & { count: number }>();

  add(warning: Warning): void {
    const known = this.#counts.get(warning.message);
    if (known) known.count++;
    else if (this.#counts.size < 100) this.#counts.set(warning.message, { ...warning, count: 1 });
  }

  get all(): (Warning & { count: number })[] {
    return [...this.#counts.values()];
  }
}

/** The report as lines, for people. */
export function reportLines({ output, frames, width, height, framesPerSecond, warnings }: AnimateReport): string {
  const notes = warnings.map(({ message, count }) => `note: ${message}${count > 1 ? ` (${count} times)` : ""}\n`);
  return `${notes.join("")}${output}: ${frames} frames of ${width} × ${height}, ${framesPerSecond} frames per second\n`;
}
