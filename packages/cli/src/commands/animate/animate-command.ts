import { type AnimateOptions, animate, detectKeypoints } from "@bunraku/animate";
import { createVideoWriter, loadPicture } from "@bunraku/media/node";
import type { Crop } from "@bunraku/warp";
import { chooseSourceCrop } from "../../inputs/choose-crops.ts";
import { loadChosenModel, type ModelSettings } from "../../inputs/load-chosen-model.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import { countOf } from "../../terminal/count-of.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import { printable } from "../../terminal/printable.ts";
import { Progress } from "../../terminal/progress.ts";
import { type CountedWarning, WarningCounter, warningLines } from "../../terminal/warning-counter.ts";
import { checkMovement, checkMovementOfModel, type MovementChoice, movementOptions } from "./movement-options.ts";
import { openDriving } from "./open-driving.ts";
import { outputSize } from "./output-size.ts";
import { prepareDriving } from "./prepare-driving.ts";

export interface AnimateCommandOptions extends ModelSettings, MovementChoice, Verbosity {
  readonly output: string;
  readonly size?: number;
  readonly sourceCrop?: CropChoice;
  readonly quality?: number;
  readonly mute?: boolean;
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

/** `bunraku animate`: a picture and a video (or its motion) in, a video out. */
export async function animateCommand(
  io: Io,
  sourcePath: string,
  options: AnimateCommandOptions,
): Promise<AnimateReport> {
  const { signal } = io;
  const { driving, motion, model: modelPath, checkpoint, config, background } = options;
  checkMovement(options);
  await refuseOwnInputs(options.output, [sourcePath, driving, motion, modelPath, checkpoint, config]);
  const overwrite = await mayOverwrite(io, options, options.output);
  // Inputs before the model: a mistyped name is told at once.
  const source = await loadPicture(sourcePath, { signal });
  await using input = await openDriving(options, signal);
  await checkOutput(options.output, overwrite);
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("loading the model");
  await using chosen = await loadChosenModel(options, signal);
  const { model, bundle } = chosen;
  checkMovementOfModel(options, model, bundle.manifest.name);
  progress.stage("framing");
  const { crop: sourceCrop, warnings: framing } = await chooseSourceCrop(chosen, source, options, signal);
  const sourceKeypoints = () =>
    detectKeypoints(model, source, { drivingCrop: sourceCrop, ...(background && { background }), signal });
  const prepared = await prepareDriving(input, chosen, sourceKeypoints, options, { progress, signal });
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
  const { crop: drivingCrop, initial, bestFrame, jitter } = prepared;
  const moves: AnimateOptions = {
    ...movementOptions(options),
    sourceCrop,
    size,
    ...(drivingCrop && { drivingCrop }),
    ...(initial && { initial }),
    signal,
  };
  for await (const frame of animate(model, source, prepared.frames(), moves)) {
    warnings.add(...frame.warnings);
    await writer.write(frame);
    progress.step();
  }
  const framesPerSecond = progress.rate;
  progress.stage("finishing");
  const written = await writer.finish();
  warnings.add(...written.warnings);
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

/** The report as lines, for people. */
export function reportLines(report: AnimateReport): string {
  const { output, frames, width, height, framesPerSecond, bestFrame, jitter, warnings } = report;
  const best = bestFrame ? `best frame: ${bestFrame.index}\n` : "";
  const calm = jitter ? `jitter: ${jitter.before.toFixed(3)} pixels, ${jitter.after.toFixed(3)} after smoothing\n` : "";
  const made = `${printable(output)}: ${countOf(frames, "frame")} of ${width} × ${height}, ${framesPerSecond} frames per second\n`;
  return warningLines(warnings) + best + calm + made;
}
