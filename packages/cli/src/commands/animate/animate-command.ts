import type { Crop } from "@bunraku/warp";
import { beginModel } from "../../inputs/begin-model.ts";
import type { ModelSettings } from "../../inputs/load-chosen-model.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import { countOf } from "../../terminal/count-of.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import { printable } from "../../terminal/printable.ts";
import { type CountedWarning, warningLines } from "../../terminal/warning-counter.ts";
import { checkMovement, type MovementChoice } from "./movement-options.ts";

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

/**
 * `bunraku animate`: a picture and a video (or its motion) in, a video out.
 *
 * What takes longest begins first: the model is on its way before codecs and all else are imported.
 */
export async function animateCommand(
  io: Io,
  sourcePath: string,
  options: AnimateCommandOptions,
): Promise<AnimateReport> {
  const { driving, motion, model: modelPath, checkpoint, config } = options;
  checkMovement(options);
  await refuseOwnInputs(options.output, [sourcePath, driving, motion, modelPath, checkpoint, config]);
  const overwrite = await mayOverwrite(io, options, options.output);
  await using model = beginModel(options, io.signal);
  await model.underWay;
  const { writeAnimation } = await import("./write-animation.ts");
  return await writeAnimation(io, sourcePath, options, { model, overwrite });
}

/** The report as lines, for people. */
export function reportLines(report: AnimateReport): string {
  const { output, frames, width, height, framesPerSecond, bestFrame, jitter, warnings } = report;
  const best = bestFrame ? `best frame: ${bestFrame.index}\n` : "";
  const calm = jitter ? `jitter: ${jitter.before.toFixed(3)} pixels, ${jitter.after.toFixed(3)} after smoothing\n` : "";
  const made = `${printable(output)}: ${countOf(frames, "frame")} of ${width} × ${height}, ${framesPerSecond} frames per second\n`;
  return warningLines(warnings) + best + calm + made;
}
