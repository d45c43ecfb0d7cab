import { type DetectedMotion, detectMotion } from "@bunraku/animate";
import { BunrakuError } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { disposeKeypoints } from "@bunraku/keypoints";
import { openVideo, reserveTarget } from "@bunraku/media/node";
import {
  createJitterMeter,
  layoutOf,
  type MotionClipWriter,
  type MotionFrame,
  motionClipExtension,
  motionClipWriter,
  smoothKeypoints,
} from "@bunraku/motion";
import type { Crop } from "@bunraku/warp";
import { chooseDrivingCrop } from "../../inputs/choose-crops.ts";
import { expectedFrames } from "../../inputs/expected-frames.ts";
import { loadChosenModel } from "../../inputs/load-chosen-model.ts";
import { type ModelChoice, openModel } from "../../inputs/open-model.ts";
import { openPartFile } from "../../outputs/part-file.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import type { CropChoice } from "../../terminal/option-values.ts";
import { Progress } from "../../terminal/progress.ts";
import { type CountedWarning, WarningCounter, warningLines } from "../../terminal/warning-counter.ts";

export interface RecordCommandOptions extends ModelChoice, Verbosity {
  readonly output: string;
  readonly frameSize?: number;
  readonly drivingCrop?: CropChoice;
  readonly start?: number;
  readonly duration?: number;
  readonly initial?: number;
  readonly smooth?: boolean;
  readonly about?: string;
  readonly licence?: string;
  readonly provenance?: string;
  readonly threads?: number;
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
  if (!output.toLowerCase().endsWith(motionClipExtension))
    throw new BunrakuError("OPTION", `-o: a motion clip's name ends in ${motionClipExtension}, got ${output}.`);
  await refuseOwnInputs(output, [path, modelPath, checkpoint, config]);
  const overwrite = await mayOverwrite(io, options, output);
  await using video = await openVideo(path, { signal });
  await using target = await reserveTarget(output, { overwrite });
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("loading the model");
  await using backend = await ortNode(options.threads === undefined ? {} : { threads: options.threads });
  await using opened = await openModel(options, signal);
  await using model = await loadChosenModel(backend, opened.bundle, options, signal);
  progress.stage("framing");
  const { crop: drivingCrop, warnings: framing } = await chooseDrivingCrop(
    backend,
    opened.bundle,
    model.size,
    video,
    options,
    signal,
  );
  const warnings = new WarningCounter();
  warnings.add(...video.warnings, ...framing);
  const jitter = createJitterMeter({ size: model.size });
  const calmed = options.smooth ? createJitterMeter({ size: model.size }) : undefined;

  progress.begin("detecting", expectedFrames(video, options));
  const frames = detectMotion(model, video.frames({ signal, start, duration }), { drivingCrop, signal });
  await using file = await openPartFile(target);
  let writer: MotionClipWriter | undefined;
  let [count, first, last] = [0, 0, 0];
  const about = {
    generator: "bunraku",
    model: { family: model.family, name: opened.bundle.manifest.name },
    picture: { width: drivingCrop.width, height: drivingCrop.height },
    frameRate: video.info.frameRate,
    ...(options.initial !== undefined && { initial: options.initial }),
    ...pick(options, ["about", "licence", "provenance"]),
  };
  for await (const frame of options.smooth ? smoothed(measured(frames)) : measured(frames)) {
    if (!writer) {
      writer = motionClipWriter({ ...about, ...layoutOf(frame.keypoints, "record") });
      first = frame.timestamp;
      await file.write(writer.begin());
    }
    await file.write(writer.frame(frame));
    calmed?.add(frame.keypoints, frame.timestamp);
    last = frame.timestamp;
    count++;
    disposeKeypoints(frame.keypoints);
  }
  if (!writer) throw new BunrakuError("MEDIA", `${path}: the video has no frames.`);
  await file.write(writer.end());
  const bytes = file.bytes;
  await file[Symbol.asyncDispose]();
  await target.commit();
  return {
    output: target.path,
    frames: count,
    keypoints: model.numKeypoints,
    duration: Math.round((last - first + 1 / video.info.frameRate) * 1000) / 1000,
    bytes,
    drivingCrop,
    ...(jitter.jitter !== undefined && { jitter: jitter.jitter }),
    ...(calmed?.jitter !== undefined && { jitterAfter: calmed.jitter }),
    warnings: warnings.all,
  };

  /** Frames as clips hold them, counted and measured on the way. */
  async function* measured(frames: AsyncIterable<DetectedMotion>): AsyncGenerator<MotionFrame, void, undefined> {
    for await (const { keypoints, timestamp = 0 } of frames) {
      jitter.add(keypoints, timestamp);
      progress.step();
      yield { keypoints, timestamp };
    }
  }
}

async function* smoothed(frames: AsyncIterable<MotionFrame>): AsyncGenerator<MotionFrame, void, undefined> {
  const all: MotionFrame[] = [];
  for await (const frame of frames) all.push(frame);
  const timestamps = all.map(({ timestamp }) => timestamp);
  const calm = smoothKeypoints(
    all.map(({ keypoints }) => keypoints),
    { timestamps },
  );
  for (const { keypoints } of all) disposeKeypoints(keypoints);
  for (const [i, keypoints] of calm.entries()) yield { keypoints, timestamp: timestamps[i]! };
}

function pick<T extends object, K extends keyof T>(
  from: T,
  names: readonly K[],
): { [name in K]?: NonNullable<T[name]> } {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]))) as {
    [name in K]?: NonNullable<T[name]>;
  };
}

/** The report as lines, for people. */
export function recordLines({ output, frames, bytes, jitter, jitterAfter, warnings }: RecordReport): string {
  const calm = jitterAfter === undefined ? "" : ` (${jitterAfter.toFixed(3)} after smoothing)`;
  const unrest = jitter === undefined ? "" : `, jitter ${jitter.toFixed(3)} pixels${calm}`;
  return `${warningLines(warnings)}${output}: ${frames} frames, ${(bytes / 1000).toFixed(1)} kB${unrest}\n`;
}
