import { detectMotion } from "@bunraku/animate";
import { BunrakuError } from "@bunraku/backends";
import { openVideo, reserveTarget } from "@bunraku/media/node";
import { createJitterMeter, type MotionFrame, motionClipExtension } from "@bunraku/motion";
import type { Crop } from "@bunraku/warp";
import { chooseDrivingCrop } from "../../inputs/choose-crops.ts";
import { expectedFrames } from "../../inputs/expected-frames.ts";
import { loadChosenModel, type ModelSettings } from "../../inputs/load-chosen-model.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import { countOf } from "../../terminal/count-of.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import { printable } from "../../terminal/printable.ts";
import { Progress } from "../../terminal/progress.ts";
import { type CountedWarning, WarningCounter, warningLines } from "../../terminal/warning-counter.ts";
import { measured, smoothed } from "./smoothed.ts";
import { writeClip } from "./write-clip.ts";

export interface RecordCommandOptions extends ModelSettings, Verbosity {
  readonly output: string;
  readonly drivingCrop?: CropChoice;
  readonly start?: number;
  readonly duration?: number;
  readonly initial?: number;
  readonly smooth?: boolean;
  readonly about?: string;
  readonly licence?: string;
  readonly provenance?: string;
  readonly yes?: boolean;
}

/** What was recorded; printed with `--json`. */
export interface RecordReport {
  readonly output: string;
  readonly frames: number;
  readonly keypoints: number;
  /** Seconds. */
  readonly duration: number;
  readonly bytes: number;
  readonly drivingCrop: Crop;
  /** Of the points, in pixels of the model's frames, before and (with --smooth) after. */
  readonly jitter?: number;
  readonly jitterAfter?: number;
  readonly warnings: readonly CountedWarning[];
}

/** `bunraku record`: a video in, its motion out. */
export async function recordCommand(io: Io, path: string, options: RecordCommandOptions): Promise<RecordReport> {
  const { signal } = io;
  const { output, model: modelPath, checkpoint, config, start, duration } = options;
  await refuseOwnInputs(output, [path, modelPath, checkpoint, config]);
  if (!output.toLowerCase().endsWith(motionClipExtension))
    throw new BunrakuError("OPTION", `-o: a motion clip's name ends in ${motionClipExtension}, got ${output}.`);
  const overwrite = await mayOverwrite(io, options, output);
  await using video = await openVideo(path, { signal });
  await using target = await reserveTarget(output, { overwrite });
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("loading the model");
  await using chosen = await loadChosenModel(options, signal);
  const { model, bundle } = chosen;
  progress.stage("framing");
  const { crop: drivingCrop, warnings: framing } = await chooseDrivingCrop(chosen, video, options, signal);
  const warnings = new WarningCounter();
  warnings.add(...video.warnings, ...framing);

  progress.begin("detecting", expectedFrames(video, options));
  const [before, after] = [createJitterMeter({ size: model.size }), createJitterMeter({ size: model.size })];
  const frames = measured(read(), before);
  const { initial, about, licence, provenance } = options;
  const clip = await writeClip(target, options.smooth ? measured(smoothed(frames), after) : frames, {
    generator: "bunraku",
    model: { family: model.family, name: bundle.manifest.name },
    picture: { width: drivingCrop.width, height: drivingCrop.height },
    frameRate: video.info.frameRate,
    ...(initial !== undefined && { initial }),
    ...(about !== undefined && { about }),
    ...(licence !== undefined && { licence }),
    ...(provenance !== undefined && { provenance }),
  });
  return {
    output: target.path,
    frames: clip.frames,
    keypoints: model.numKeypoints,
    duration: Math.round((clip.seconds + 1 / video.info.frameRate) * 1000) / 1000,
    bytes: clip.bytes,
    drivingCrop,
    ...(before.jitter !== undefined && { jitter: before.jitter }),
    ...(options.smooth && after.jitter !== undefined && { jitterAfter: after.jitter }),
    warnings: warnings.all,
  };

  async function* read(): AsyncGenerator<MotionFrame, void, undefined> {
    const motion = detectMotion(model, video.frames({ signal, start, duration }), { drivingCrop, signal });
    for await (const { keypoints, timestamp = 0 } of motion) {
      progress.step();
      yield { keypoints, timestamp };
    }
  }
}

/** The report as lines, for people. */
export function recordLines({ output, frames, bytes, jitter, jitterAfter, warnings }: RecordReport): string {
  const calm = jitterAfter === undefined ? "" : ` (${jitterAfter.toFixed(3)} after smoothing)`;
  const unrest = jitter === undefined ? "" : `, jitter ${jitter.toFixed(3)} pixels${calm}`;
  return `${warningLines(warnings)}${printable(output)}: ${countOf(frames, "frame")}, ${(bytes / 1000).toFixed(1)} kB${unrest}\n`;
}
