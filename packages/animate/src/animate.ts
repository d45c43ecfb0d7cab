import { BunrakuError, type Warning } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import type { TransferOptions } from "@bunraku/motion";
import {
  type Crop,
  centreCrop,
  createPictureResizer,
  cropPicture,
  expectCrop,
  expectPicture,
  flattenPicture,
  type Image,
  imageToPicture,
  type Picture,
  type Size,
} from "@bunraku/warp";
import { type AnyIterable, mapAhead } from "./map-ahead.ts";
import type { Model } from "./models/model.ts";
import { compose, outputsOf, type RenderMode } from "./render/compose.ts";

/** One driving frame. Times, where there are any, are handed through. */
export interface DrivingFrame extends Picture {
  /** Seconds from the start. */
  readonly timestamp?: number;
  /** Seconds. */
  readonly duration?: number;
}

/** One frame of the result: opaque RGBA bytes, owned by the caller. */
export interface AnimatedFrame extends Picture {
  readonly data: Uint8ClampedArray;
  /** Position in the driving video, from 0. */
  readonly index: number;
  readonly timestamp?: number;
  readonly duration?: number;
  /** The source's keypoints, moved. */
  readonly keypoints: Keypoints;
  /** The driving frame's own keypoints. */
  readonly driving: Keypoints;
  readonly warnings: readonly Warning[];
}

export interface AnimateOptions extends TransferOptions {
  /** @default "hybrid" when the source is larger than the model's frames, else "generator" */
  readonly render?: RenderMode;
  /** The part of the source to animate. @default the largest centred rectangle of the model's aspect */
  readonly sourceCrop?: Crop;
  /** The part of the driving frames to follow. @default the same, of theirs */
  readonly drivingCrop?: Crop;
  /** Size of the result. @default the source's (its crop's) own; the model's for `render: "generator"` */
  readonly size?: Size;
  /** Colour behind a transparent source. @default white */
  readonly background?: readonly [red: number, green: number, blue: number];
  /** The driving pose that stands for the source's own. @default the first driving frame */
  readonly initial?: Picture;
  /** Driving frames in work before they are asked for; each holds its pixels. @default 1 */
  readonly ahead?: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes a picture move the way a video moves.
 *
 * Holds a bounded number of frames, whatever the length of the video: it pulls one driving frame when a result is asked
 * for, and a few ahead. When the consumer stops, the driving iterator is closed. A jacobian that cannot be inverted lets
 * its keypoint translate in that frame, with a warning, unless `singular` says otherwise.
 *
 * @param source borrowed
 * @param driving frames of one size, in order; borrowed
 * @throws `SHAPE`, `OPTION`, `MOTION`, `MEDIA` when there is no driving frame; `signal.reason`
 * @example
 * for await (const frame of animate(model, picture, video.frames())) await writer.write(frame);
 */
export async function* animate(
  model: Model,
  source: Picture,
  driving: AnyIterable<DrivingFrame>,
  options: AnimateOptions = {},
): AsyncGenerator<AnimatedFrame, void, undefined> {
  const {
    drivingCrop,
    initial: initialPicture,
    ahead = 1,
    signal,
    singular = "translate",
    movement,
    relativeJacobians,
    adaptScale,
  } = options;
  const abort = signal ? { signal } : {};
  const transfer: TransferOptions = {
    singular,
    ...(movement && { movement }),
    ...(relativeJacobians !== undefined && { relativeJacobians }),
    ...(adaptScale !== undefined && { adaptScale }),
  };
  const { still, image, mode } = prepareSource(model, source, options);
  using encoded = await model.encode(image, abort);
  const toImage = drivingReader(model, drivingCrop);
  let initial: Promise<Keypoints> | undefined =
    initialPicture && model.detect(drivingReader(model, drivingCrop)(initialPicture), abort);

  let count = 0;
  const frames = mapAhead(
    driving,
    async (frame, index): Promise<AnimatedFrame> => {
      const keypoints = model.detect(toImage(frame), abort);
      initial ??= keypoints;
      const [now, start] = await Promise.all([keypoints, initial]);
      const rendered = await model.render(encoded, now, start, { ...transfer, ...abort, outputs: outputsOf[mode] });
      const picture = compose(mode, model, encoded, still, rendered);
      return {
        width: picture.width,
        height: picture.height,
        data: picture.data as Uint8ClampedArray,
        index,
        ...(frame.timestamp !== undefined && { timestamp: frame.timestamp }),
        ...(frame.duration !== undefined && { duration: frame.duration }),
        keypoints: rendered.keypoints,
        driving: now,
        warnings: rendered.warnings,
      };
    },
    { ahead, ...abort },
  );
  for await (const frame of frames) {
    count++;
    yield frame;
  }
  if (count === 0) throw new BunrakuError("MEDIA", "animate: the driving video has no frames.");
}

/** The source at its own resolution and at the model's, and how frames will be made from them. */
function prepareSource(
  model: Model,
  source: Picture,
  { sourceCrop, size, background, render }: AnimateOptions,
): { still: Picture; image: Image; mode: RenderMode } {
  expectPicture(source, "source");
  const crop = sourceCrop ?? centreCrop(source, model.size.width / model.size.height);
  expectCrop(crop, source, "source crop");
  const opaque = flattenPicture(cropPicture(source, crop), background);
  const image = createPictureResizer(opaque, model.size, wholeOf(opaque))(opaque);
  const larger =
    (size?.width ?? opaque.width) > model.size.width || (size?.height ?? opaque.height) > model.size.height;
  const mode = render ?? (larger && model.hasMotion ? "hybrid" : "generator");
  if (mode !== "generator" && !model.hasMotion) {
    throw new BunrakuError(
      "OPTION",
      `render: this model estimates no motion, so it cannot "${mode}". Use "generator".`,
    );
  }
  const resized = size && (size.width !== opaque.width || size.height !== opaque.height);
  const still = resized ? imageToPicture(createPictureResizer(opaque, size, wholeOf(opaque))(opaque)) : opaque;
  return { still, image, mode };
}

/** Turns driving frames into what the detector reads; all must have the first one's size. */
function drivingReader(model: Model, crop: Crop | undefined): (frame: Picture) => Image {
  let reader: { width: number; height: number; read: (picture: Picture) => Image } | undefined;
  return (frame) => {
    expectPicture(frame, "driving frame");
    if (!reader) {
      const { width, height } = frame;
      reader = { width, height, read: createPictureResizer(frame, model.size, crop) };
    }
    if (frame.width !== reader.width || frame.height !== reader.height) {
      throw new BunrakuError(
        "SHAPE",
        `driving: every frame must be ${reader.width} × ${reader.height} like the first, got ${frame.width} × ${frame.height}.`,
      );
    }
    return reader.read(frame);
  };
}

function wholeOf({ width, height }: Picture): Crop {
  return { left: 0, top: 0, width, height };
}
