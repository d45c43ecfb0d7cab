import type { Command } from "commander";
import { withCommonOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { trueOrFalse, wholeNumber } from "../../terminal/option-values.ts";
import type { ExportCommandOptions } from "./export-command.ts";

export function addExport(program: Command, io: Io): void {
  const command = program
    .command("export")
    .summary("write a model as ONNX files")
    .description(
      "Writes a model as three plain ONNX files for other runtimes (detector, source, frame; opset 17, static shapes, no\n" +
        "custom operators) and export.json, which says what goes in and out. onnxruntime has loaded, checked and run them.",
    )
    .requiredOption("-o, --output <folder>", "the folder")
    .option("-m, --model <bundle>", "model bundle, a folder or URL (default: the heads model that comes along)")
    .option("--checkpoint <file>", "official checkpoint (.pth.tar) instead of a bundle")
    .option("--config <yaml>", "its configuration: a file, or an official name such as vox-256 (default: found)")
    .option("--align-corners <true|false>", "how the model samples (default: what the model says)", trueOrFalse)
    .option("--frame-size <n>", "for another frame size than it was trained on", wholeNumber(8, 4096))
    .option("--with-deformed", "also give the warped source")
    .option("--with-spline", "let a frame choose its order of motion: zeroth, first or spline");
  withCommonOptions(command, { writes: true }).action(async (options: ExportCommandOptions) => {
    const { exportCommand } = await import("./export-command.ts");
    const report = await exportCommand(io, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  });
}
