export type { Picture } from "./picture.ts";
export type { Frame, VideoContainer, VideoInfo } from "./video.ts";
