import { open } from "node:fs/promises";
import type { Warning } from "@bunraku/backends";
import { EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, WebMOutputFormat } from "mediabunny";
import type { Frame } from "../../video.ts";
import type { Codecs } from "../codecs/codecs.ts";
import type { ContainerAudio } from "../read/audio-track.ts";
import { type AudioPump, openAudioPump } from "./audio-pump.ts";
import { encodeWithFfmpeg } from "./encode-with-ffmpeg.ts";
import { encodeWithNodeAv } from "./encode-with-node-av.ts";
import { moveIndexToFront } from "./fast-start.ts";
import { fileTarget } from "./file-target.ts";
import { padToEven } from "./pad-to-even.ts";
import type { EncodedPart, PictureEncoder } from "./picture-encoder.ts";
import type { Target } from "./target.ts";
import { videoConfig } from "./video-config.ts";
import type { FrameSink } from "./video-writer.ts";

export interface EncodedSinkOptions {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly quality: number;
  readonly audio?: ContainerAudio | undefined;
  readonly audioStart?: number | undefined;
}

/** Writes MP4 with H.264 or WebM with VP9; mediabunny does the container, so the times are ours to the tick. */
export async function openEncodedSink(
  format: "mp4" | "webm",
  target: Target,
  codecs: Codecs,
  options: EncodedSinkOptions,
): Promise<FrameSink> {
  const { width, height, frameRate, quality, audio, audioStart } = options;
  const codec = format === "mp4" ? "avc" : "vp9";
  const size = { width: width + (width & 1), height: height + (height & 1) };
  const encoderOptions = { codec, ...size, frameRate, quality } as const;
  const file = await open(target.part, "w+");
  let pump: AudioPump | undefined;
  let encoder: PictureEncoder | undefined;
  const closeAll = async () => {
    try {
      await encoder?.close();
      await pump?.close();
    } finally {
      await file.close();
    }
  };
  try {
    pump = audio && (await openAudioPump(audio, format, codecs, target));
    encoder =
      codecs.kind === "node-av"
        ? await encodeWithNodeAv(codecs.nodeAv, encoderOptions)
        : encodeWithFfmpeg(codecs.program, encoderOptions);
  } catch (error) {
    await closeAll();
    throw error;
  }

  // The index goes to the end at first, as its size is known only then: see moveIndexToFront.
  const container = format === "mp4" ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat();
  const output = new Output({ format: container, target: fileTarget(file) });
  const video = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(video);
  if (pump?.source) output.addAudioTrack(pump.source);

  // Frames the encoder has and the container not yet: their times come back by their index.
  const pending = new Map<number, { timestamp: number; duration: number }>();
  let frames = 0;
  let started = false;
  let configured = false;

  const put = async (parts: readonly EncodedPart[]) => {
    for (const { data, key, index } of parts) {
      const time = pending.get(index);
      if (!time) throw new Error(`the encoder returned picture ${index}, which it was not given`);
      pending.delete(index);
      const packet = new EncodedPacket(data, key ? "key" : "delta", time.timestamp, time.duration);
      await video.add(packet, configured ? undefined : { decoderConfig: videoConfig(codec, data, size) });
      configured = true;
    }
  };

  return {
    async write({ data, timestamp, duration }: Frame, clock) {
      if (!started) {
        started = true;
        await pump?.begin(audioStart ?? clock);
        await output.start();
      }
      pending.set(frames++, { timestamp, duration });
      await put(await encoder.encode(padToEven(data, width, height)));
      // Sound keeps pace with the pictures: the container would otherwise hold the one until the other comes.
      await pump?.advance(timestamp);
    },
    async finish(duration) {
      await put(await encoder.flush());
      await pump?.finish(duration);
      await output.finalize();
      if (format === "mp4") await moveIndexToFront(file);
      const warnings: Warning[] = [...(pump?.warnings ?? [])];
      if (size.width !== width || size.height !== height) {
        const message = `Video needs even sizes, so ${width}x${height} became ${size.width}x${size.height} by repeating its last column or row.`;
        warnings.push({ type: "padded-to-even", message });
      }
      return { frames, audio: pump?.outcome ?? "none", warnings };
    },
    async close() {
      try {
        // Writes that are still on their way need the file. The error of one that failed is known, and thrown again here.
        if (output.state === "started") await output.cancel();
      } finally {
        await closeAll();
      }
    },
  };
}
