import { type AnimateOptions, animate, detectKeypoints } from "@bunraku/animate";
import { createVideoWriter, loadPicture } from "@bunraku/media/node";
import type { BegunModel } from "../../inputs/begin-model.ts";
import { chooseSourceCrop } from "../../inputs/choose-crops.ts";
import type { Io } from "../../terminal/io.ts";
import { Progress } from "../../terminal/progress.ts";
import { WarningCounter } from "../../terminal/warning-counter.ts";
import type { AnimateCommandOptions, AnimateReport } from "./animate-command.ts";
import { checkMovementOfModel, movementOptions } from "./movement-options.ts";
import { openDriving } from "./open-driving.ts";
import { outputSize } from "./output-size.ts";
import { prepareDriving } from "./prepare-driving.ts";

/** Opens inputs, waits for the model (borrowed), and writes the video. */
export async function writeAnimation(
  io: Io,
  sourcePath: string,
  options: AnimateCommandOptions,
  { model: begun, overwrite }: { readonly model: BegunModel; readonly overwrite: boolean },
): Promise<AnimateReport> {
  const { signal } = io;
  const { background } = options;
  // Inputs before the model: a mistyped name is told at once.
  const source = await loadPicture(sourcePath, { signal });
  await using input = await openDriving(options, signal);
  await checkOutput(options.output, overwrite);
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("loading the model");
  const chosen = await begun.ready();
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
