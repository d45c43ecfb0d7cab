import { execFile } from "node:child_process";
import { findCodecs } from "@bunraku/media/node";
import type { CodecDiagnosis } from "./doctor-report.ts";

/** FFmpeg's names: what bunraku writes with, and what videos are mostly made with. */
const encoders = ["libx264", "libvpx-vp9", "aac", "libopus"];
const decoders = ["h264", "hevc", "vp8", "vp9", "av1", "aac", "opus", "mp3"];

/** FFmpeg's codecs as npm packages. */
export async function probeNodeAv(): Promise<CodecDiagnosis> {
  return diagnosed("node-av", async () => {
    const codecs = await findCodecs("node-av");
    if (codecs.kind !== "node-av") throw new Error("they were not found");
    const { Codec, getFFmpegInfo } = codecs.nodeAv.av;
    return {
      version: `FFmpeg ${getFFmpegInfo().version}`,
      encoders: encoders.filter((name) => Codec.findEncoderByName(name as never)),
      decoders: decoders.filter((name) => Codec.findDecoderByName(name as never)),
    };
  });
}

/** The system's program. */
export async function probeFfmpeg(): Promise<CodecDiagnosis> {
  return diagnosed("ffmpeg", async () => {
    const codecs = await findCodecs("ffmpeg");
    if (codecs.kind !== "ffmpeg") throw new Error("it was not found");
    const said = (...args: string[]) => outputOf(codecs.program, ["-hide_banner", ...args]);
    const [version, encoding, decoding] = await Promise.all([said("-version"), said("-encoders"), said("-decoders")]);
    // " V....D libx264  …": six flags, a name, and words about it.
    const listed = (table: string) => new Set(table.split("\n").map((line) => line.trim().split(/\s+/)[1]));
    const [known, read] = [listed(encoding), listed(decoding)];
    return {
      version: /^ffmpeg version (\S+)/.exec(version)?.[1] ?? "of unknown version",
      encoders: encoders.filter((name) => known.has(name)),
      decoders: decoders.filter((name) => read.has(name)),
    };
  });
}

async function diagnosed(
  name: CodecDiagnosis["name"],
  look: () => Promise<Pick<CodecDiagnosis, "version" | "encoders" | "decoders">>,
): Promise<CodecDiagnosis> {
  try {
    return { name, available: true, ...(await look()) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { name, available: false, problem, encoders: [], decoders: [] };
  }
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 2 ** 24, timeout: 20_000 }, (error, stdout) =>
      error ? reject(new Error(error.message.split("\n")[0])) : resolve(stdout),
    );
  });
}
