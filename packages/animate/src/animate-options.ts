import { BunrakuError, type Warning } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import type { DialOptions, TransferOptions } from "@bunraku/motion";
import type { Crop, Picture, Size } from "@bunraku/warp";
import { type RenderMode, renderModes } from "./render/compose.ts";
import type { DrivingOptions, FrameTimes } from "./render/driving-keypoints.ts";

/** One frame of the result: opaque RGBA bytes, owned by the caller. Disposing it frees its keypoints. */
export interface AnimatedFrame extends Picture, FrameTimes, Disposable {
  readonly data: Uint8ClampedArray;
  /** Position in the driving video, from 0. */
  readonly index: number;
  /** The source's keypoints, moved. */
  readonly keypoints: Keypoints;
  /** The driving frame's own keypoints, smoothed if that was asked for. */
  readonly driving: Keypoints;
  readonly warnings: readonly Warning[];
}

/** How `animate` moves a picture. Movement itself is set by the options of `transferMotion` and `dialMotion`. */
export interface AnimateOptions extends TransferOptions, DialOptions, DrivingOptions {
  /** @default "hybrid" when the source is larger than the model's frames, else "generator" */
  readonly render?: RenderMode;
  /** The part of the source to animate. @default the largest centred rectangle of the model's aspect */
  readonly sourceCrop?: Crop;
  /** Size of the result. @default the source's (its crop's) own; the model's for `render: "generator"` */
  readonly size?: Size;
  /** Colour behind transparent pixels, of the source and of driving frames. @default white */
  readonly background?: readonly [red: number, green: number, blue: number];
  /** The driving pose that stands for the source's own: a picture, or keypoints, borrowed. @default the first driving frame */
  readonly initial?: Picture | Keypoints;
  /**
   * Driving frames in work before they are asked for; each holds its pixels.
   *
   * @default 1; on a pool of backends, one less than twice its members
   */
  readonly ahead?: number;
}

/** @throws `OPTION` */
export function checkOptions({ render, size, ahead }: Pick<AnimateOptions, "render" | "size" | "ahead">): void {
  if (render !== undefined && !renderModes.includes(render)) {
    throw new BunrakuError("OPTION", `render: expected ${renderModes.join(", ")}, got ${JSON.stringify(render)}.`);
  }
  for (const [side, pixels] of Object.entries(size ?? {})) {
    if (!Number.isInteger(pixels) || pixels < 1 || pixels > 16384) {
      throw new BunrakuError(
        "OPTION",
        `size.${side}: expected a whole number of pixels from 1 to 16384, got ${pixels}.`,
      );
    }
  }
  if (ahead !== undefined && (!Number.isInteger(ahead) || ahead < 0)) {
    throw new BunrakuError("OPTION", `ahead: expected a whole number of frames, 0 or more, got ${ahead}.`);
  }
}
