import { architectureOf, exportModel } from "@bunraku/animate";
import { BunrakuError } from "@bunraku/backends";
import { reserveTarget } from "@bunraku/media/node";
import { type BackendChoice, createBackend } from "../../inputs/create-backend.ts";
import { type ModelChoice, openModel } from "../../inputs/open-model.ts";
import { refuseOwnInputs } from "../../outputs/refuse-own-inputs.ts";
import { writeFolder } from "../../outputs/write-folder.ts";
import { mayOverwrite } from "../../terminal/confirm-overwrite.ts";
import { type Io, notice, type Verbosity } from "../../terminal/io.ts";
import { Progress } from "../../terminal/progress.ts";
import { checkExport } from "./check-export.ts";

export interface ExportCommandOptions extends ModelChoice, Pick<BackendChoice, "backend">, Verbosity {
  readonly output: string;
  readonly frameSize?: number;
  readonly withDeformed?: boolean;
  readonly withSpline?: boolean;
  readonly yes?: boolean;
}

export interface ExportReport {
  readonly output: string;
  readonly name: string;
  readonly frameSize: readonly [number, number];
  readonly files: Readonly<Record<string, number>>;
  /** What loaded each graph, with its checks, and ran it. */
  readonly checked: "onnxruntime" | "reference";
}

/** What an export consists of: an earlier one may be replaced, a folder of other things may not. */
const exportFiles = ["detector.onnx", "source.onnx", "frame.onnx", "export.json"];

/** `bunraku export`: a model in, plain ONNX files out, checked by running them. */
export async function exportCommand(io: Io, options: ExportCommandOptions): Promise<ExportReport> {
  const { signal } = io;
  const { output, model, checkpoint, config, frameSize, withDeformed = false, withSpline = false } = options;
  await refuseOwnInputs(output, [model, checkpoint, config]);
  const overwrite = await mayOverwrite(io, options, output);
  await using target = await reserveTarget(output, { overwrite, folder: true, files: exportFiles });
  const progress = new Progress(io, options);
  using _ = { [Symbol.dispose]: () => progress.end() };
  progress.stage("reading the model");
  await using opened = await openModel(options, signal);
  const { manifest } = opened.bundle;
  const architecture = architectureOf(manifest.family, manifest.modelParams);
  const weights = await opened.bundle.loadWeights({ signal });
  const [height, width] = frameSize === undefined ? manifest.frameSize : [frameSize, frameSize];
  const alignCorners = options.alignCorners ?? manifest.alignCorners;
  const choices = { size: { height, width }, alignCorners, withDeformed, withSpline };
  const { files, description } = exportModel(architecture, weights, choices);
  progress.stage("checking the graphs");
  await using backend = await createBackend(options, signal);
  await checkExport(backend, files, description, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new BunrakuError("MODEL", `${output}: an exported graph does not run; nothing was written.`, { cause });
  });
  await writeFolder(target, files, signal);
  progress.end();
  const sizes = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.length]));
  const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  notice(io, options, `${output}: ${manifest.name} as ONNX, ${height} × ${width}, ${(total / 1e6).toFixed(1)} MB`);
  const checked = backend.name === "reference" ? "reference" : "onnxruntime";
  return { output, name: manifest.name, frameSize: [height, width], files: sizes, checked };
}
