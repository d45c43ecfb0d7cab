import { encodeBundle } from "@bunraku/animate";
import { reserveTarget } from "@bunraku/media/node";
import { openModel } from "../../inputs/open-model.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { writeFolder } from "../../outputs/write-folder.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import { type Io, notice, type Verbosity } from "../../terminal/io.ts";
import { Progress } from "../../terminal/progress.ts";

export interface ConvertCommandOptions extends Verbosity {
  readonly config?: string;
  readonly output: string;
  readonly fp16?: boolean;
  readonly alignCorners?: boolean;
  readonly name?: string;
  readonly weightsLicence?: string;
  readonly dataLicence?: string;
  readonly trainedOn?: string;
  readonly framing?: "face";
  readonly yes?: boolean;
}

export interface ConvertReport {
  readonly output: string;
  readonly name: string;
  readonly bytes: number;
  readonly dtype: "F32" | "F16";
}

/** What a bundle consists of: an earlier one may be replaced, a folder of other things may not. */
const bundleFiles = ["bunraku.json", "weights.safetensors"];

/** `bunraku convert`: an official checkpoint in, a bundle folder out. */
export async function convertCommand(
  io: Io,
  checkpoint: string,
  options: ConvertCommandOptions,
): Promise<ConvertReport> {
  await refuseOwnInputs(options.output, [checkpoint, options.config]);
  const overwrite = await mayOverwrite(io, options, options.output);
  await using target = await reserveTarget(options.output, { overwrite, folder: true, files: bundleFiles });
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("reading the checkpoint");
  const { config, alignCorners, fp16 = false, name, trainedOn, framing, weightsLicence, dataLicence } = options;
  await using opened = await openModel(
    { checkpoint, ...(config !== undefined && { config }), ...(alignCorners !== undefined && { alignCorners }) },
    io.signal,
  );
  const dtype = fp16 ? "F16" : "F32";
  const licences = { ...(weightsLicence && { weights: weightsLicence }), ...(dataLicence && { data: dataLicence }) };
  const files = await encodeBundle(opened.bundle, {
    dtype,
    signal: io.signal,
    ...(name && { name }),
    ...(trainedOn && { trainedOn }),
    ...(framing && { framing }),
    ...(Object.keys(licences).length > 0 && { licences }),
  });
  await writeFolder(target, files, io.signal);
  const bytes = files["weights.safetensors"].length;
  progress.end();
  notice(
    io,
    options,
    `${options.output}: ${opened.bundle.manifest.name}, ${(bytes / 1e6).toFixed(1)} MB (${fp16 ? "float16" : "float32"})`,
  );
  return { output: options.output, name: name ?? opened.bundle.manifest.name, bytes, dtype };
}
