import type { InputAudioTrack } from "mediabunny";

/** The sound of an open video. Opaque: pass it to `createVideoWriter({ audio })`. */
export interface AudioTrack {
  /** "aac", "opus", "mp3", … or "unknown". */
  readonly codec: string;
}

/** What the writer needs of it. */
export class ContainerAudio implements AudioTrack {
  readonly codec: string;
  /** The file it is in. */
  readonly path: string;
  readonly track: InputAudioTrack;
  /** Time of the first video frame on the clock of the file: both tracks are rebased by it. Seconds. */
  readonly origin: number;

  constructor(codec: string, path: string, track: InputAudioTrack, origin: number) {
    this.codec = codec;
    this.path = path;
    this.track = track;
    this.origin = origin;
  }
}
