import type { Command } from "commander";
import { withBackend, withCommonOptions, withModelOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { fileName } from "../../terminal/option-values.ts";
import type { ExportCommandOptions } from "./export-command.ts";

export function addExport(program: Command, io: Io): void {
  const command = program
    .command("export")
    .summary("write a model as ONNX files")
    .description(
      "Writes a model as three plain ONNX files for other runtimes (detector, source, frame; opset 17, static shapes, no " +
        "custom operators) and export.json, which says what goes in and out. The backend has loaded, checked and run them.",
    )
    .requiredOption("-o, --output <folder>", "the folder", fileName)
    .option("--with-deformed", "also give the warped source")
    .option("--with-spline", "let a frame choose its order of motion: zeroth, first or spline");
  withBackend(withModelOptions(command));
  withCommonOptions(command, { writes: true }).action(async (options: ExportCommandOptions) => {
    const { exportCommand } = await import("./export-command.ts");
    const report = await exportCommand(io, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  });
}
