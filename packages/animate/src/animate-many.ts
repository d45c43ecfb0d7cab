import { BunrakuError } from "@bunraku/backends";
import { copyKeypoints, disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import type { Picture } from "@bunraku/warp";
import { type AnimatedFrame, type AnimateOptions, checkOptions } from "./animate-options.ts";
import { type AnyIterable, aheadOf, mapAhead } from "./map-ahead.ts";
import { disposeOutputs, type EncodedSource, type Model, type RenderOptions } from "./models/model.ts";
import { compose, outputsOf } from "./render/compose.ts";
import { type DrivingFrame, type DrivingMotion, drivingKeypoints, timesOf } from "./render/driving-keypoints.ts";
import { type PreparedSource, prepareSource } from "./render/prepare-source.ts";

/** One of several pictures that move alike, and what is its own: what is left out is as in the options of all. */
export interface SourceToMove extends Pick<AnimateOptions, "render" | "sourceCrop" | "size" | "initial"> {
  /** Borrowed. */
  readonly picture: Picture;
}

/**
 * Makes several pictures move the way one video moves: it is decoded once, and its keypoints are found once.
 *
 * Each driving frame gives one frame per source, in the order of sources, each moved from its own keypoints. All else is as
 * `animate` does it; memory grows with the number of sources, not with the length of the video.
 *
 * @param sources at least one
 * @param driving pictures of one size, or keypoints, in order; borrowed
 * @throws as `animate`; `OPTION` without a source
 * @example
 * for await (const [anna, otto] of animateMany(model, [{ picture: a }, { picture: o }], video.frames())) …
 */
export async function* animateMany(
  model: Model,
  sources: readonly SourceToMove[],
  driving: AnyIterable<DrivingFrame | DrivingMotion>,
  options: AnimateOptions = {},
): AsyncGenerator<readonly AnimatedFrame[], void, undefined> {
  checkOptions(options);
  for (const source of sources) checkOptions(source);
  if (sources.length === 0) throw new BunrakuError("OPTION", "animateMany: expected at least one source, got none.");
  const {
    render,
    sourceCrop,
    drivingCrop,
    size,
    background,
    smoothing,
    initial: pose,
    ahead = Math.ceil(aheadOf(model) / sources.length),
    signal,
    ...moves
  } = options;
  const abort = signal ? { signal } : {};
  const movement: RenderOptions = { singular: "translate", ...moves, ...abort };
  const prepared = sources.map(({ picture, ...own }, index) => {
    const name = sources.length > 1 ? `sources[${index}]` : "source";
    return prepareSource(model, picture, { render, sourceCrop, size, background, ...own }, name);
  });
  const reading = { ...(drivingCrop && { drivingCrop }), ...(background && { background }), ...abort };
  const detect = await drivingKeypoints(model, { ...reading, ...(smoothing !== undefined && { smoothing }) });
  const encoded: EncodedSource[] = [];
  const poses = new Poses(async (picture) => (await drivingKeypoints(model, reading))(picture));

  const step = async (frame: DrivingFrame | DrivingMotion, index: number): Promise<FrameSet> => {
    const detected = detect(frame);
    poses.first(detected);
    const now = await detected;
    try {
      const rendering = prepared.map(async (source, i): Promise<AnimatedFrame> => {
        const initial = await poses.of(sources[i]!.initial ?? pose);
        const asked = { initial, movement, index, ...timesOf(frame) };
        return renderFrame(model, source, encoded[i]!, now, asked);
      });
      return frameSet(await Promise.allSettled(rendering));
    } finally {
      disposeKeypoints(now);
    }
  };
  let count = 0;
  try {
    for (const { image } of prepared) encoded.push(await model.encode(image, abort));
    for (const source of sources) poses.begin(source.initial ?? pose);
    for await (const { frames } of mapAhead(driving, step, { ahead, ...abort })) {
      count++;
      yield frames;
    }
  } finally {
    await poses.dispose();
    for (const source of encoded) source[Symbol.dispose]();
  }
  if (count === 0) throw new BunrakuError("MEDIA", "animate: the driving video has no frames.");
}

/** The poses that stand for the sources' own: those that were given, each found once, and that of the first frame. */
class Poses {
  readonly #find: (picture: Picture) => Promise<Keypoints>;
  readonly #found = new Map<Picture | Keypoints | undefined, Promise<Keypoints>>();

  constructor(find: (picture: Picture) => Promise<Keypoints>) {
    this.#find = find;
  }

  /** What goes wrong is told with the first frame, which may take its time. */
  begin(pose: Picture | Keypoints | undefined): void {
    if (pose === undefined || this.#found.has(pose)) return;
    this.#keep(pose, "points" in pose ? Promise.resolve(copyKeypoints(pose)) : this.#find(pose));
  }

  /** A copy of the first frame's keypoints: they are the caller's, who may dispose them. */
  first(detected: Promise<Keypoints>): void {
    if (!this.#found.has(undefined)) this.#keep(undefined, detected.then(copyKeypoints));
  }

  of(pose: Picture | Keypoints | undefined): Promise<Keypoints> {
    return this.#found.get(pose)!;
  }

  #keep(pose: Picture | Keypoints | undefined, found: Promise<Keypoints>): void {
    found.catch(() => undefined);
    this.#found.set(pose, found);
  }

  async dispose(): Promise<void> {
    for (const pose of this.#found.values()) await pose.then(disposeKeypoints, () => undefined);
  }
}

/** The frames of all sources at one moment, disposed together when nobody comes for them. */
interface FrameSet extends Disposable {
  readonly frames: readonly AnimatedFrame[];
}

/** @throws what the first source that failed threw; the frames of the others are freed */
function frameSet(rendered: readonly PromiseSettledResult<AnimatedFrame>[]): FrameSet {
  const frames = rendered.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const free = () => {
    for (const frame of frames) frame[Symbol.dispose]();
  };
  const failed = rendered.find((result) => result.status === "rejected");
  if (!failed) return { frames, [Symbol.dispose]: free };
  free();
  throw failed.reason;
}

interface Asked extends Pick<AnimatedFrame, "index" | "timestamp" | "duration"> {
  readonly initial: Keypoints;
  readonly movement: RenderOptions;
}

async function renderFrame(
  model: Model,
  { mode, still, outputSize }: PreparedSource,
  source: EncodedSource,
  driving: Keypoints,
  { initial, movement, ...when }: Asked,
): Promise<AnimatedFrame> {
  const rendered = await model.render(source, driving, initial, { ...movement, outputs: outputsOf[mode] });
  try {
    const { keypoints, warnings } = rendered;
    const picture = compose(mode, model, source, still, rendered, outputSize);
    const seen = copyKeypoints(driving);
    return {
      ...(picture as Picture & { data: Uint8ClampedArray }),
      ...when,
      keypoints,
      driving: seen,
      warnings,
      [Symbol.dispose]() {
        disposeKeypoints(keypoints);
        disposeKeypoints(seen);
      },
    };
  } finally {
    disposeOutputs(rendered);
  }
}
