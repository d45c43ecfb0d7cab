import type { Warning } from "@bunraku/backends";
import type { AudioSource } from "mediabunny";
import type { Codecs } from "../codecs/codecs.ts";
import type { ContainerAudio } from "../read/audio-track.ts";
import { copyAudio } from "./copy-audio.ts";
import { dropAudio } from "./drop-audio.ts";
import type { Target } from "./target.ts";
import { transcodeAudio } from "./transcode-audio.ts";
import { transcodeAudioWithFfmpeg } from "./transcode-audio-with-ffmpeg.ts";
import type { WrittenVideo } from "./video-writer.ts";

/** Moves sound from a reader to a container, a little at a time. */
export interface AudioPump {
  /** For the container; missing when the sound is dropped. */
  readonly source: AudioSource | undefined;
  readonly outcome: WrittenVideo["audio"];
  readonly warnings: readonly Warning[];
  /** @param start Reader time that becomes 0. Seconds. */
  begin(start: number): Promise<void>;
  /** Writes the sound up to `time`. Seconds from the first frame written. */
  advance(time: number): Promise<void>;
  /** Writes the sound up to the end of the video, and no more. */
  finish(duration: number): Promise<void>;
  close(): Promise<void>;
}

/** Sound that plays nearly everywhere in that container; all else is encoded anew. */
const COPIED = { mp4: ["aac", "mp3", "opus", "ac3", "eac3"], webm: ["opus", "vorbis"] } as const;

/** AAC plays in more places than Opus when it comes in MP4. */
const ENCODED = { mp4: "aac", webm: "opus" } as const;

/** Copies where the container takes the codec, else encodes anew, else drops with a warning. */
export async function openAudioPump(
  audio: ContainerAudio,
  format: "mp4" | "webm",
  codecs: Codecs,
  target: Target,
): Promise<AudioPump> {
  if ((COPIED[format] as readonly string[]).includes(audio.codec) && (await audio.track.getDecoderConfig())) {
    return copyAudio(audio, format);
  }
  if (codecs.kind === "ffmpeg") return transcodeAudioWithFfmpeg(codecs.program, audio, ENCODED[format], target);
  if (await audio.track.canDecode()) return transcodeAudio(audio, ENCODED[format]);
  return dropAudio(
    `The sound (${audio.codec}) can neither be copied to ${format} nor decoded here, so it was left out.`,
  );
}
