import { BunrakuError } from "@bunraku/backends";
import {
  EncodedPacketSink,
  FilePathSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MATROSKA,
  MP4,
  QTFF,
  WEBM,
} from "mediabunny";
import type { VideoContainer, VideoInfo } from "../../video.ts";
import type { InputFile } from "../input-file.ts";
import { firstLine } from "../optional-packages.ts";
import { type DisplayShape, displayShape } from "./display-shape.ts";

/** An open MP4, MOV, WebM or Matroska file with a video track. Dispose `input` when done. */
export interface OpenContainer {
  readonly input: Input;
  readonly video: InputVideoTrack;
  readonly audio: InputAudioTrack | undefined;
  readonly info: VideoInfo;
  readonly shape: DisplayShape;
  /** File time of the first frame. Seconds. */
  readonly origin: number;
  /** Frames before `origin` that are decoded and not shown. */
  readonly hidden: number;
  readonly highDynamicRange: boolean;
}

// Never ALL_FORMATS: that includes playlists, which name other files to open.
const FORMATS = [MP4, QTFF, WEBM, MATROSKA];

const SAMPLED_PACKETS = 200;

/**
 * Opens a container and reads what it says of itself; no frame is decoded.
 *
 * @throws `MEDIA` when it is damaged, has no video track or its frames are larger than `maxPixels`.
 */
export async function openContainer(file: InputFile, maxPixels: number): Promise<OpenContainer> {
  const { path } = file;
  const input = new Input({ formats: FORMATS, source: new FilePathSource(path) });
  try {
    return await readContainer(input, file, maxPixels);
  } catch (error) {
    input.dispose();
    if (BunrakuError.is(error)) throw error;
    throw new BunrakuError(
      "MEDIA",
      `${path}: ${file.description} that cannot be read (${firstLine(error)}). It is cut off or damaged: download or export it again.`,
      { cause: error },
    );
  }
}

async function readContainer(input: Input, file: InputFile, maxPixels: number): Promise<OpenContainer> {
  const { path, description } = file;
  const video = await input.getPrimaryVideoTrack();
  const audio = (await input.getPrimaryAudioTrack()) ?? undefined;
  if (!video) {
    if (audio) throw new BunrakuError("MEDIA", `${path}: expected a video, got ${description} with sound only.`);
    throw new BunrakuError(
      "MEDIA",
      `${path}: ${description} without an index of its tracks. It is cut off (or its recording was never finished): download or export it again.`,
    );
  }
  // Before anything is decoded: these numbers are the file's claim, and memory follows from them.
  const coded = (await video.getCodedWidth()) * (await video.getCodedHeight());
  const shape = await displayShape(video);
  const pixels = Math.max(coded, shape.width * shape.height);
  if (!(pixels > 0)) throw new BunrakuError("MEDIA", `${path}: the video claims frames of no size.`);
  if (pixels > maxPixels) {
    throw new BunrakuError(
      "MEDIA",
      `${path}: expected frames of at most ${maxPixels} pixels, got ${shape.width}x${shape.height}. Scale it down first (a program can raise limits.maxPixels).`,
    );
  }

  const container = containerOf(file);
  // Counting reads the index of an MP4, but every byte of a long Matroska file: there a sample must do.
  const indexed = container === "mp4" || container === "mov";
  const stats = await video.computePacketStats(indexed ? undefined : SAMPLED_PACKETS);
  if (stats.packetCount === 0) {
    throw new BunrakuError(
      "MEDIA",
      `${path}: ${description} without one whole frame. It is cut off: download or export it again.`,
    );
  }
  const packets = new EncodedPacketSink(video);
  const { origin, hidden } = await firstShown(video, packets);
  const duration = (await lastEnd(input, video, packets, stats.averagePacketRate, indexed)) - origin;
  const exact = indexed || stats.packetCount < SAMPLED_PACKETS;
  const frameRate = exact && duration > 0 ? (stats.packetCount - hidden) / duration : stats.averagePacketRate;
  const frameCount = exact ? stats.packetCount - hidden : Math.round(frameRate * duration);
  const audioCodec = (await audio?.getCodec()) ?? undefined;
  const info: VideoInfo = {
    width: shape.width,
    height: shape.height,
    frameCount,
    frameCountExact: exact,
    duration,
    frameRate: Number.isFinite(frameRate) && frameRate > 0 ? frameRate : 25,
    codec: (await video.getCodec()) ?? String((await video.getInternalCodecId()) ?? "unknown"),
    container,
    hasAudio: audio !== undefined,
    ...(audioCodec === undefined ? {} : { audioCodec }),
  };
  return { input, video, audio, info, shape, origin, hidden, highDynamicRange: await video.hasHighDynamicRange() };
}

/**
 * Where the video begins. A file trimmed without encoding keeps what was cut off at negative times: decoders need it,
 * viewers never see it.
 */
async function firstShown(video: InputVideoTrack, packets: EncodedPacketSink) {
  const first = await video.getFirstTimestamp();
  if (first >= 0) return { origin: first, hidden: 0 };
  const origin = (await packets.getPacket(0, { metadataOnly: true }))?.timestamp ?? first;
  let hidden = 0;
  for await (const packet of packets.packets(undefined, undefined, { metadataOnly: true })) {
    if (packet.timestamp < origin) hidden++;
    else if (packet.timestamp > origin + 10) break;
  }
  return { origin, hidden };
}

/**
 * Where the video ends.
 *
 * The last frame's own duration is unreliable: Matroska often has none, and MP4 gives durations in order of decoding.
 * The total in the header tells it, if it is the total of this track: that of Matroska covers the sound too.
 */
async function lastEnd(input: Input, video: InputVideoTrack, packets: EncodedPacketSink, rate: number, own: boolean) {
  const last = await packets.getPacket(Number.POSITIVE_INFINITY, { metadataOnly: true });
  if (!last || (last.duration > 0 && !own)) return video.computeDuration();
  const usual = rate > 0 && Number.isFinite(rate) ? 1 / rate : 1 / 25;
  const total = (await input.getDurationFromMetadata([video])) ?? 0;
  const believable = total > last.timestamp && total < last.timestamp + (own ? 4 : 1.5) * usual;
  return believable ? total : last.timestamp + (last.duration || usual);
}

function containerOf(file: InputFile): VideoContainer {
  return file.kind === "mov" || file.kind === "webm" || file.kind === "matroska" ? file.kind : "mp4";
}
