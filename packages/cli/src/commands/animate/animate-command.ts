import type { Crop } from "@bunraku/warp";
import { beginModel } from "../../inputs/begin-model.ts";
import type { ModelSettings } from "../../inputs/load-chosen-model.ts";
import { outputNames } from "../../outputs/output-names.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import { countOf } from "../../terminal/count-of.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import { printable } from "../../terminal/printable.ts";
import { type CountedWarning, warningLines } from "../../terminal/warning-counter.ts";
import { checkMovement, type MovementChoice } from "./movement-options.ts";

export interface AnimateCommandOptions extends ModelSettings, MovementChoice, Verbosity {
  /** `{name}` stands for a source's own name. */
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
  /** Frames made per second, of all results together, from the first to the last, with decoding and encoding. */
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

/** `bunraku animate` with one source. */
export async function animateCommand(
  io: Io,
  sourcePath: string,
  options: AnimateCommandOptions,
): Promise<AnimateReport> {
  const [report] = await animateAllCommand(io, [sourcePath], options);
  return report!;
}

/**
 * `bunraku animate`: pictures and a video (or its motion) in, a video for each picture out.
 *
 * What takes longest begins first: the model is on its way before codecs and all else are imported.
 */
export async function animateAllCommand(
  io: Io,
  sourcePaths: readonly string[],
  options: AnimateCommandOptions,
): Promise<readonly AnimateReport[]> {
  const { driving, motion, model: modelPath, checkpoint, config } = options;
  checkMovement(options);
  const paths = outputNames(options.output, sourcePaths);
  const outputs: Output[] = [];
  for (const path of paths) {
    await refuseOwnInputs(path, [...sourcePaths, driving, motion, modelPath, checkpoint, config]);
    outputs.push({ path, overwrite: await mayOverwrite(io, options, path) });
  }
  // The model that comes along is small: one job of all threads makes as many frames as several, and starts sooner.
  const { jobs = modelPath || checkpoint ? "auto" : 1 } = options;
  await using model = beginModel({ ...options, jobs }, io.signal);
  await model.underWay;
  const { writeAnimations } = await import("./write-animations.ts");
  return await writeAnimations(io, sourcePaths, outputs, options, model);
}

/** Where a result goes. */
export interface Output {
  readonly path: string;
  readonly overwrite: boolean;
}

/** The report as lines, for people. */
export function reportLines(report: AnimateReport): string {
  const { output, frames, width, height, framesPerSecond, bestFrame, jitter, warnings } = report;
  const best = bestFrame ? `best frame: ${bestFrame.index}\n` : "";
  const calm = jitter ? `jitter: ${jitter.before.toFixed(3)} pixels, ${jitter.after.toFixed(3)} after smoothing\n` : "";
  const made = `${printable(output)}: ${countOf(frames, "frame")} of ${width} × ${height}, ${framesPerSecond} frames per second\n`;
  return warningLines(warnings) + best + calm + made;
}
