import { createReadStream } from "node:fs";
import type { DrivingMotion, Model, ModelManifest } from "@bunraku/animate";
import { BunrakuError, type Warning } from "@bunraku/backends";
import { copyKeypoints, type Keypoints } from "@bunraku/keypoints";
import { type MotionClipHeader, type MotionFrame, readMotionFrames } from "@bunraku/motion";
import { unreadable } from "./open-model.ts";

/** A motion clip on disk. Frames are read as they are asked for, any number of times. */
export interface MotionFile {
  readonly header: MotionClipHeader;
  readonly frameRate: number;
  /** The keypoints that relative movement starts from. */
  readonly initial: Keypoints;
  readonly frames: number;
  play(): AsyncGenerator<DrivingMotion, void, undefined>;
}

/**
 * Reads a motion clip once, to see that it is whole and to find its initial frame; then it can be played.
 *
 * @throws `FILE`, `UNSUPPORTED` when it is damaged or no motion clip; `signal.reason`
 */
export async function openMotionFile(path: string, signal: AbortSignal): Promise<MotionFile> {
  const open = () => readMotionFrames(bytesOf(path, signal), { name: path });
  const { header, frames } = await open();
  let initial: Keypoints | undefined;
  let [count, first, last] = [0, 0, 0];
  for await (const { timestamp, keypoints } of frames) {
    signal.throwIfAborted();
    if (count === header.initial) initial = copyKeypoints(keypoints);
    if (count === 0) first = timestamp;
    last = timestamp;
    count++;
  }
  const measured = count > 1 ? (count - 1) / (last - first) : 25;
  const frameRate = header.frameRate ?? measured;
  return {
    header,
    frameRate,
    initial: initial!,
    frames: count,
    async *play() {
      yield* withDurations((await open()).frames, 1 / frameRate, first);
    },
  };
}

/** A frame lasts until the next one begins; times count from the clip's first frame. */
async function* withDurations(
  frames: AsyncIterable<MotionFrame>,
  lastDuration: number,
  start: number,
): AsyncGenerator<DrivingMotion, void, undefined> {
  let held: MotionFrame | undefined;
  for await (const frame of frames) {
    if (held)
      yield {
        keypoints: held.keypoints,
        timestamp: held.timestamp - start,
        duration: frame.timestamp - held.timestamp,
      };
    held = frame;
  }
  if (held) yield { keypoints: held.keypoints, timestamp: held.timestamp - start, duration: lastDuration };
}

async function* bytesOf(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of createReadStream(path, { signal })) yield chunk as Uint8Array;
  } catch (cause) {
    signal.throwIfAborted();
    throw unreadable(path, cause);
  }
}

/**
 * Checks that a model can be moved by a clip.
 *
 * @returns A warning when another model found its keypoints: they mean other places.
 * @throws `MOTION` when it has other keypoints
 */
export function expectMotionFits(
  path: string,
  { header }: MotionFile,
  model: Model,
  manifest: Pick<ModelManifest, "name">,
): Warning[] {
  const jacobians = header.parts.jacobians !== undefined;
  if (header.keypoints !== model.numKeypoints || jacobians !== model.hasJacobians) {
    const say = (count: number, jacobians: boolean) => `${count} keypoints ${jacobians ? "with" : "without"} jacobians`;
    throw new BunrakuError(
      "MOTION",
      `${path}: this motion has ${say(header.keypoints, jacobians)}, the model ${manifest.name} has ${say(model.numKeypoints, model.hasJacobians)}. Use the model it was recorded with${header.model?.name ? ` (${header.model.name})` : ""}.`,
    );
  }
  const recorded = header.model?.name;
  if (!recorded || recorded === manifest.name) return [];
  const message = `${path} was recorded with the model ${recorded}; the keypoints of ${manifest.name} may be at other places.`;
  return [{ type: "other-model", message }];
}
