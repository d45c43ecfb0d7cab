import { addVariants, encodeHalf, openBundle, type QuantizedModel, quantizeModel } from "@bunraku/animate";
import { BunrakuError } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { reserveTarget } from "@bunraku/media/node";
import type { ModelToFrameFor } from "../../inputs/choose-crops.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { writeFolder } from "../../outputs/write-folder.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import { countOf } from "../../terminal/count-of.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import { printable } from "../../terminal/printable.ts";
import { Progress } from "../../terminal/progress.ts";
import { type CountedWarning, WarningCounter, warningLines } from "../../terminal/warning-counter.ts";
import { type FramesToRead, readClip, readSources } from "./read-frames.ts";
import { writeVariants } from "./write-variants.ts";

export interface QuantizeCommandOptions extends FramesToRead, Verbosity {
  readonly calibrate?: readonly string[];
  readonly source?: readonly string[];
  readonly output?: string;
  readonly targetPsnr: number;
  readonly fp16?: boolean;
  readonly threads?: number;
  readonly yes?: boolean;
}

/** What was made; printed with `--json`. */
export interface QuantizeReport {
  readonly output: string;
  readonly int8?: ReturnType<typeof reported>;
  readonly fp16?: { readonly bytes: number };
  readonly warnings: readonly CountedWarning[];
}

/** Variants and what a bundle consists of besides: an earlier bundle may be replaced, a folder of other things may not. */
const bundleFiles = [
  "bunraku.json",
  "weights.safetensors",
  "weights.int8.safetensors",
  "weights.fp16.safetensors",
] as const;

/** `bunraku quantize`: a bundle and clips in, variants of its weights out. */
export async function quantizeCommand(
  io: Io,
  location: string,
  options: QuantizeCommandOptions,
): Promise<QuantizeReport> {
  const { signal } = io;
  const { calibrate = [], source = [], output, fp16 = false } = options;
  if (calibrate.length === 0 && !fp16)
    throw new BunrakuError("OPTION", "Give --calibrate with clips of what the model will see, or --fp16, or both.");
  if (output === undefined && /^https?:/.test(location))
    throw new BunrakuError("OPTION", "A bundle on a server cannot be added to. Name a folder with -o.");
  if (output !== undefined) await refuseOwnInputs(output, [location, ...calibrate, ...source]);
  const overwrite = output === undefined || (await mayOverwrite(io, options, output));
  await using target =
    output === undefined
      ? undefined
      : await reserveTarget(output, { overwrite, folder: true, files: [...bundleFiles] });
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("opening the model");
  const bundle = await openBundle(location, { signal });
  const warnings = new WarningCounter();
  const added: { int8?: Uint8Array; fp16?: Uint8Array } = {};
  let int8: QuantizedModel | undefined;
  if (calibrate.length > 0) {
    await using backend = await ortNode(options.threads === undefined ? {} : { threads: options.threads });
    const [height, width] = bundle.manifest.frameSize;
    const framed: ModelToFrameFor = { backend, bundle, model: { size: { height, width } } };
    progress.stage("reading frames");
    const sources = await readSources(framed, source, options, warnings, signal);
    const clips = [];
    for (const path of calibrate) clips.push(await readClip(framed, path, options, warnings, signal));
    int8 = await quantizeModel(backend, bundle, clips, {
      sources,
      targetPsnr: options.targetPsnr,
      signal,
      onProgress: ({ phase, done, total }) => progress.stage(`${phases[phase]} ${done}/${total}`),
    });
    added.int8 = int8.bytes;
  }
  if (fp16) added.fp16 = encodeHalf(await bundle.loadWeights({ signal }));
  progress.stage("writing");
  const files = await addVariants(location, added, { whole: target !== undefined, signal });
  if (target) await writeFolder(target, files, signal);
  else await writeVariants(location.replace(/(^|[\\/])bunraku\.json$/, "") || ".", files, signal);
  return {
    output: output ?? location,
    ...(int8 && { int8: reported(int8) }),
    ...(added.fp16 && { fp16: { bytes: added.fp16.length } }),
    warnings: warnings.all,
  };
}

/** What was made, without the file itself and what stands in it. */
function reported({ bytes, quantization: _, ...about }: QuantizedModel) {
  return { ...about, bytes: bytes.length };
}

const phases = {
  float32: "rendering in float32: frame",
  ranges: "measuring ranges: run",
  layers: "trying layers:",
  measuring: "measuring the result:",
};

/** The report as lines, for people. */
export function quantizeLines({ output, int8, fp16, warnings }: QuantizeReport): string {
  const lines = [warningLines(warnings)];
  if (int8) {
    const { bytes, integers, kept, difference, frames, milliseconds } = int8;
    lines.push(
      `${output}: int8, ${megabytes(bytes)}; ${countOf(integers.length, "layer")} in integers, ${kept.length} in float32\n`,
      ...kept.map(
        ({ layer, psnr }) => `  float32: ${printable(layer)} (${psnr.toFixed(1)} dB when it alone is int8)\n`,
      ),
      `  ${difference.psnr.toFixed(1)} dB to float32 (worst frame ${difference.worstPsnr.toFixed(1)} dB), ` +
        `keypoints ${difference.keypointError.toFixed(2)} pixels off, on ${countOf(frames.heldOut, "frame")} not calibrated with\n`,
      `  ${milliseconds.float32.toFixed(1)} ms per frame in float32, ${milliseconds.int8.toFixed(1)} ms in int8\n`,
    );
  }
  if (fp16) lines.push(`${output}: fp16, ${megabytes(fp16.bytes)}\n`);
  return lines.join("");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
