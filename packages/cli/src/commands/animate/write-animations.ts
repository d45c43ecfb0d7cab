import { animateMany, detectKeypoints, type SourceToMove } from "@bunraku/animate";
import { createVideoWriter, loadPicture, type VideoWriter } from "@bunraku/media/node";
import type { Crop, Picture, Size } from "@bunraku/warp";
import type { BegunModel } from "../../inputs/begin-model.ts";
import { chooseSourceCrop } from "../../inputs/choose-crops.ts";
import type { Io } from "../../terminal/io.ts";
import { Progress } from "../../terminal/progress.ts";
import { WarningCounter } from "../../terminal/warning-counter.ts";
import type { AnimateCommandOptions, AnimateReport, Output } from "./animate-command.ts";
import { checkMovementOfModel, movementOptions } from "./movement-options.ts";
import { openDriving } from "./open-driving.ts";
import { outputSize } from "./output-size.ts";
import { prepareDriving, type Start } from "./prepare-driving.ts";

/** One picture on its way to its video. */
interface Animation {
  readonly picture: Picture;
  readonly crop: Crop;
  readonly size: Size;
  readonly start: Start | undefined;
  readonly writer: VideoWriter;
  readonly warnings: WarningCounter;
}

/** Opens inputs, waits for the model (borrowed), and writes a video for each source. */
export async function writeAnimations(
  io: Io,
  sourcePaths: readonly string[],
  outputs: readonly Output[],
  options: AnimateCommandOptions,
  begun: BegunModel,
): Promise<readonly AnimateReport[]> {
  const { signal } = io;
  const { background } = options;
  // Inputs before the model: a mistyped name is told at once.
  const pictures: Picture[] = [];
  for (const path of sourcePaths) pictures.push(await loadPicture(path, { signal }));
  await using input = await openDriving(options, signal);
  for (const output of outputs) await checkOutput(output);
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("loading the model");
  const chosen = await begun.ready();
  const { model, bundle } = chosen;
  checkMovementOfModel(options, model, bundle.manifest.name);
  progress.stage("framing");
  const framed: Awaited<ReturnType<typeof chooseSourceCrop>>[] = [];
  for (const picture of pictures) framed.push(await chooseSourceCrop(chosen, picture, options, signal));
  const keypoints = pictures.map((picture, i) => {
    const reading = { drivingCrop: framed[i]!.crop, ...(background && { background }), signal };
    return () => detectKeypoints(model, picture, reading);
  });
  const prepared = await prepareDriving(input, chosen, keypoints, options, { progress, signal });
  const { crop: drivingCrop, initial, starts, jitter } = prepared;

  const animations: Animation[] = [];
  await using _writers = {
    async [Symbol.asyncDispose]() {
      for (const { writer } of animations) await writer[Symbol.asyncDispose]();
    },
  };
  for (const [i, { path, overwrite }] of outputs.entries()) {
    const { crop, warnings: framing } = framed[i]!;
    const size = outputSize({ ...options, output: path }, crop, model.size);
    const warnings = new WarningCounter();
    warnings.add(...framing, ...prepared.warnings);
    const writer = await createVideoWriter(path, {
      ...size,
      frameRate: prepared.frameRate,
      overwrite,
      signal,
      ...("video" in input && !options.mute && { audio: input.video.audio }),
      ...(options.quality !== undefined && { quality: options.quality }),
    });
    animations.push({ picture: pictures[i]!, crop, size, start: starts?.[i], writer, warnings });
  }

  progress.begin("rendering", prepared.count === undefined ? undefined : prepared.count * animations.length);
  const sources = animations.map(({ picture, crop, size, start }): SourceToMove => {
    return { picture, sourceCrop: crop, size, ...(start && { initial: start.initial }) };
  });
  const moves = {
    ...movementOptions(options),
    ...(drivingCrop && { drivingCrop }),
    ...(initial && { initial }),
    signal,
  };
  for await (const frames of animateMany(model, sources, prepared.frames(), moves)) {
    for (const [i, { writer, warnings }] of animations.entries()) {
      warnings.add(...frames[i]!.warnings);
      await writer.write(frames[i]!);
      progress.step();
    }
  }
  const framesPerSecond = Math.round(progress.rate * 10) / 10;
  progress.stage("finishing");
  const reports: AnimateReport[] = [];
  for (const { crop, size, start, writer, warnings } of animations) {
    const written = await writer.finish();
    warnings.add(...written.warnings);
    reports.push({
      output: written.path,
      frames: written.frames,
      ...size,
      duration: written.duration,
      framesPerSecond,
      audio: written.audio,
      sourceCrop: crop,
      ...(drivingCrop && { drivingCrop }),
      ...(start && { bestFrame: start.bestFrame }),
      ...(jitter && { jitter }),
      warnings: warnings.all,
    });
  }
  return reports;
}

/** A writer that is thrown away: what cannot be written is told before the model is loaded. */
async function checkOutput({ path, overwrite }: Output): Promise<void> {
  const writer = await createVideoWriter(path, { width: 2, height: 2, overwrite });
  await writer[Symbol.asyncDispose]();
}
