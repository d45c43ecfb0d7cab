import type { Picture } from "./picture.ts";

/** One frame of a video, as it is displayed: upright and with square pixels. */
export interface Frame extends Picture {
  /** Seconds from the first frame of the video, whose time is 0. */
  readonly timestamp: number;
  /** Seconds until the next frame; for the last frame what the file says, or the average. */
  readonly duration: number;
}

/** What a video comes wrapped in. `frames` is a folder of pictures. */
export type VideoContainer = "mp4" | "mov" | "webm" | "matroska" | "gif" | "webp" | "apng" | "frames";

/** What is known of a video before a frame is decoded. */
export interface VideoInfo {
  /** Displayed width in pixels, after rotation and pixel aspect. */
  readonly width: number;
  /** Displayed height in pixels, after rotation and pixel aspect. */
  readonly height: number;
  /** Number of frames, where it is cheap to know or to estimate. */
  readonly frameCount?: number;
  /** Whether `frameCount` was counted; false when it is missing or follows from duration and rate. */
  readonly frameCountExact: boolean;
  /** Seconds from the start of the first frame to the end of the last. */
  readonly duration: number;
  /** Average frames per second. */
  readonly frameRate: number;
  /** Codec of the pictures: "avc", "hevc", "vp9", "gif", "png", … */
  readonly codec: string;
  readonly container: VideoContainer;
  readonly hasAudio: boolean;
  /** Codec of the sound: "aac", "opus", "mp3", …; missing without sound or when unknown. */
  readonly audioCodec?: string;
}
