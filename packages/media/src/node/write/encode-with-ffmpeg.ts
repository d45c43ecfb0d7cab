import type { Writable } from "node:stream";
import { BunrakuError } from "@bunraku/backends";
import { startFfmpeg } from "../codecs/system-ffmpeg.ts";
import { flvParts } from "./flv-parts.ts";
import { ivfParts } from "./ivf-parts.ts";
import {
  type EncodedPart,
  encoderSettings,
  type PictureEncoder,
  type PictureEncoderOptions,
  TO_YUV,
} from "./picture-encoder.ts";

/**
 * Encodes with the `ffmpeg` program, for when the codec packages are not installed.
 *
 * Raw pictures go in; encoded ones come out in the simplest wrapping that keeps their order of display (FLV for H.264,
 * IVF for VP9). Times and sound never pass through it.
 */
export function encodeWithFfmpeg(program: string, options: PictureEncoderOptions): PictureEncoder {
  const { codec, width, height } = options;
  // FLV counts milliseconds: a rate that divides 1000 keeps the count of pictures exact.
  const frameRate = [25, 40, 50].find((rate) => rate >= options.frameRate * 0.9) ?? 100;
  const settings = Object.entries(encoderSettings(options)).flatMap(([name, value]) => [optionName(name), value]);
  const wrapping = codec === "avc" ? ["-f", "flv", "-flvflags", "no_duration_filesize"] : ["-f", "ivf"];
  // biome-ignore format: options and their values stay together
  const ffmpeg = startFfmpeg(program, [
    "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", `${width}x${height}`,
    "-framerate", String(frameRate), "-i", "pipe:0", "-vf", TO_YUV, "-pix_fmt", "yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
    "-c:v", codec === "avc" ? "libx264" : "libvpx-vp9", ...settings, ...wrapping, "pipe:1",
  ]);
  const ready: EncodedPart[] = [];
  let broken: unknown;
  const reading = (async () => {
    const parts = codec === "avc" ? flvParts(ffmpeg.child.stdout!, frameRate) : ivfParts(ffmpeg.child.stdout!);
    for await (const part of parts) ready.push(part);
  })().catch((error: unknown) => {
    broken = error;
  });
  const failed = (cause?: unknown) => {
    const complaint = ffmpeg.complaint();
    return /Unknown encoder/.test(complaint)
      ? new BunrakuError(
          "BACKEND_UNAVAILABLE",
          `${program} was built without the encoder (${complaint}). Install another build, or run: npm i @mediabunny/server node-av`,
          { cause },
        )
      : new BunrakuError("MEDIA", `${program} could not encode (${complaint}).`, { cause });
  };
  const stdin = ffmpeg.child.stdin!;

  return {
    async encode(rgba) {
      if (broken || ffmpeg.child.exitCode !== null) throw failed(broken);
      // Written from a copy: the pipe keeps the bytes longer than the caller lends them.
      if (!stdin.write(Buffer.from(rgba))) await drained(stdin);
      return ready.splice(0);
    },
    async flush() {
      stdin.end();
      const { code } = await ffmpeg.exit;
      await reading;
      if (code !== 0 || broken) throw failed(broken);
      return ready.splice(0);
    },
    async close() {
      await ffmpeg.kill();
      await reading;
    },
  };
}

/** Waits until a stream takes more, or has gone. No listener stays behind: this runs for every picture. */
function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
    if (stream.destroyed) done();
  });
}

/** Options of the program that have another name than in the library. */
function optionName(name: string): string {
  return name === "b" ? "-b:v" : name === "profile" ? "-profile:v" : `-${name}`;
}
