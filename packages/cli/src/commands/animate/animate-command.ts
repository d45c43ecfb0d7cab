import { type AnimateOptions, animate, detectKeypoints, type RenderMode } from "@bunraku/animate";
import { ortNode } from "@bunraku/backends/ort-node";
import { createVideoWriter, loadPicture } from "@bunraku/media/node";
import type { MotionOrder } from "@bunraku/motion";
import type { Crop, Size } from "@bunraku/warp";
import { chooseSourceCrop } from "../../inputs/choose-crops.ts";
import { loadChosenModel, type ModelSettings } from "../../inputs/load-chosen-model.ts";
import { type ModelChoice, openModel } from "../../inputs/open-model.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import { Progress } from "../../terminal/progress.ts";
import { type CountedWarning, WarningCounter, warningLines } from "../../terminal/warning-counter.ts";
import { type DrivingChoice, openDriving, type PreparedDriving, prepareDriving } from "./driving-input.ts";

export interface AnimateCommandOptions extends ModelChoice, ModelSettings, DrivingChoice, Verbosity {
  readonly output: string;
  readonly absolute?: boolean;
  readonly relative?: boolean;
  readonly adaptScale?: boolean;
  readonly keepInside?: boolean;
  readonly adaptCovariances?: boolean;
  readonly order?: MotionOrder;
  readonly gain?: number;
  readonly limit?: number;
  readonly freeze?: readonly number[];
  readonly render?: RenderMode;
  readonly size?: number;
  readonly sourceCrop?: CropChoice;
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
  /** The parts of source and driving video that were used. */
  readonly sourceCrop: Crop;
  readonly drivingCrop?: Crop;
  /** The frame that relative movement started from, and how far its pose is from the source's; with --best-frame. */
  readonly bestFrame?: { readonly index: number; readonly distance?: number };
  /** Of the points, in pixels of the model's frames; with --smooth offline. */
  readonly jitter?: { readonly before: number; readonly after: number };
  readonly warnings: readonly CountedWarning[];
}

/** Longer sides are reduced to this unless --size asks for more: larger videos play badly, and slow down every step. */
const longestSide = 1280;

/** `bunraku animate`: a picture and a video (or its motion) in, a video out. */
export async function animateCommand(
  io: Io,
  sourcePath: string,
  options: AnimateCommandOptions,
): Promise<AnimateReport> {
  const { signal } = io;
  const { driving, motion, model: modelPath, checkpoint, config, background } = options;
  await refuseOwnInputs(options.output, [sourcePath, driving, motion, modelPath, checkpoint, config]);
  const overwrite = await mayOverwrite(io, options, options.output);
  // Inputs before the model: a mistyped name is told at once.
  const source = await loadPicture(sourcePath, { signal });
  await using input = await openDriving(options, signal);
  await checkOutput(options.output, overwrite);
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("loading the model");
  await using backend = await ortNode(options.threads === undefined ? {} : { threads: options.threads });
  await using opened = await openModel(options, signal);
  const { bundle } = opened;
  await using model = await loadChosenModel(backend, bundle, options, signal);
  progress.stage("framing");
  const { crop: sourceCrop, warnings: framing } = await chooseSourceCrop(
    backend,
    bundle,
    model.size,
    source,
    options,
    signal,
  );
  const sourceKeypoints = () =>
    detectKeypoints(model, source, { drivingCrop: sourceCrop, ...(background && { background }), signal });
  const parts = { backend, bundle, model };
  const prepared = await prepareDriving(input, parts, sourceKeypoints, options, { progress, signal });
  const size = outputSize(options, sourceCrop, model.size);
  const warnings = new WarningCounter();
  warnings.add(...framing, ...prepared.warnings);

  await using writer = await createVideoWriter(options.output, {
    ...size,
    frameRate: prepared.frameRate,
    overwrite,
    signal,
    ...("video" in input && !options.mute && { audio: input.video.audio }),
    ...(options.quality !== undefined && { quality: options.quality }),
  });
  progress.begin("rendering", prepared.count);
  const chosen = animateOptions(options, prepared, { sourceCrop, size, signal });
  for await (const frame of animate(model, source, prepared.frames(), chosen)) {
    warnings.add(...frame.warnings);
    await writer.write(frame);
    progress.step();
  }
  const framesPerSecond = progress.rate;
  progress.stage("finishing");
  const written = await writer.finish();
  warnings.add(...written.warnings);
  const { crop: drivingCrop, bestFrame, jitter } = prepared;
  return {
    output: written.path,
    frames: written.frames,
    ...size,
    duration: written.duration,
    framesPerSecond: Math.round(framesPerSecond * 10) / 10,
    audio: written.audio,
    sourceCrop,
    ...(drivingCrop && { drivingCrop }),
    ...(bestFrame && { bestFrame }),
    ...(jitter && { jitter }),
    warnings: warnings.all,
  };
}

/** A writer that is thrown away: what cannot be written is told before the model is loaded. */
async function checkOutput(path: string, overwrite: boolean): Promise<void> {
  const writer = await createVideoWriter(path, { width: 2, height: 2, overwrite });
  await writer[Symbol.asyncDispose]();
}

function animateOptions(
  options: AnimateCommandOptions,
  { crop, initial }: PreparedDriving,
  chosen: Pick<AnimateOptions, "sourceCrop" | "size" | "signal">,
): AnimateOptions {
  const { absolute, relative, smooth, ...given } = options;
  const named = ["keepInside", "adaptCovariances", "order", "gain", "limit", "freeze", "render", "background"] as const;
  return {
    ...chosen,
    ...Object.fromEntries(named.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))),
    ...((absolute || relative) && { movement: absolute ? "absolute" : "relative" }),
    adaptScale: options.adaptScale ?? true,
    ...(smooth === "live" && { smoothing: true }),
    ...(crop && { drivingCrop: crop }),
    ...(initial && { initial }),
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

/** The report as lines, for people. */
export function reportLines(report: AnimateReport): string {
  const { output, frames, width, height, framesPerSecond, bestFrame, jitter, warnings } = report;
  const best = bestFrame ? `best frame: ${bestFrame.index}\n` : "";
  const calm = jitter ? `jitter: ${jitter.before.toFixed(3)} pixels, ${jitter.after.toFixed(3)} after smoothing\n` : "";
  const made = `${output}: ${frames} frames of ${width} × ${height}, ${framesPerSecond} frames per second\n`;
  return warningLines(warnings) + best + calm + made;
}
