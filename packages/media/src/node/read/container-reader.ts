import { BunrakuError, type Warning } from "@bunraku/backends";
import type { Frame } from "../../video.ts";
import type { Codecs } from "../codecs/codecs.ts";
import { firstLine } from "../optional-packages.ts";
import { ContainerAudio } from "./audio-track.ts";
import type { OpenContainer } from "./container.ts";
import { decodeWithFfmpeg } from "./decode-with-ffmpeg.ts";
import { decodeWithNodeAv } from "./decode-with-node-av.ts";
import { withDurations } from "./frame-durations.ts";
import { checkRange } from "./frame-range.ts";
import type { FrameRange, VideoReader } from "./video-reader.ts";

/** Reads frames of an open container with the codecs that were found. Takes over the container. */
export function containerReader(
  path: string,
  container: OpenContainer,
  codecs: Codecs,
  maxPixels: number,
): VideoReader {
  const { input, video, info, shape, origin, hidden } = container;
  const audio = container.audio && new ContainerAudio(info.audioCodec ?? "unknown", path, container.audio, origin);
  let closed = false;

  async function* frames(range: FrameRange = {}): AsyncGenerator<Frame, void, undefined> {
    const { signal } = range;
    if (closed) throw new BunrakuError("DISPOSED", `${path}: the reader was closed before its frames were read.`);
    const { start, end } = checkRange(path, range, info.duration);
    signal?.throwIfAborted();
    const from = start > 0 || hidden > 0 ? origin + start : undefined;
    const decoded =
      codecs.kind === "node-av"
        ? decodeWithNodeAv(codecs.nodeAv, video, shape, from, origin + end)
        : decodeWithFfmpeg(codecs.program, path, shape, from, origin + end, maxPixels);
    let count = 0;
    try {
      for await (const frame of withDurations(decoded, origin, 1 / info.frameRate, info.duration)) {
        signal?.throwIfAborted();
        count++;
        yield frame;
        signal?.throwIfAborted();
        if (closed) throw new BunrakuError("DISPOSED", `${path}: the reader was closed while its frames were read.`);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw BunrakuError.is(error) ? error : damaged(error, count);
    }
    if (count === 0) throw damaged("not one frame came out of the decoder", 0);
    // A file cut off after its index: the decoder sees a shorter stream and no error.
    const whole = start === 0 && end === Number.POSITIVE_INFINITY && info.frameCountExact;
    if (whole && info.frameCount !== undefined && count < info.frameCount * 0.9) {
      throw damaged(`its index promises ${info.frameCount} frames`, count);
    }
  }

  function damaged(reason: unknown, count: number): BunrakuError {
    const how = count === 0 ? "no frame can be decoded" : `the video is damaged after ${count} frames`;
    return new BunrakuError("MEDIA", `${path}: ${how} (${firstLine(reason)}). Download or export it again.`, {
      cause: reason,
    });
  }

  const warnings: Warning[] = [];
  if (container.highDynamicRange) {
    warnings.push({
      type: "high-dynamic-range",
      message: `${path}: HDR video is read without tone mapping, so it will look flat. Convert it to SDR first.`,
    });
  }
  return {
    info,
    audio,
    warnings,
    frames,
    async [Symbol.asyncDispose]() {
      closed = true;
      input.dispose();
    },
  };
}
