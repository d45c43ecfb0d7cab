import { type Command, Option } from "commander";
import { withCommonOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { fileName } from "../../terminal/option-values.ts";
import type { InspectCommandOptions } from "./inspect-command.ts";

export function addInspect(program: Command, io: Io): void {
  const command = program
    .command("inspect")
    .summary("say what a file is")
    .description(
      "Says what a checkpoint, safetensors file, configuration, bundle, motion clip, picture or video holds. Nothing in it is run.\n" +
        "Of a checkpoint: its family, the configuration that fits, parameters, tensors missing or extra, frame sizes, advice.",
    )
    .argument("<file>", "any of these; bundles are folders", fileName)
    .option(
      "--config <yaml>",
      "compare a checkpoint with this one: a file, or an official name such as vox-256",
      fileName,
    )
    .option("--finite", "read every weight of a checkpoint and look for NaN and infinity")
    .option("--plan", "of a bundle or configuration: the form of each convolution on a backend, and why")
    .addOption(new Option("--backend <name>", "the backend of --plan").choices(["ort-node", "ort-web"]));
  withCommonOptions(command, { writes: false }).action(async (file: string, options: InspectCommandOptions) => {
    const { inspectCommand, inspectionLines } = await import("./inspect-command.ts");
    const inspection = await inspectCommand(io, file, options);
    io.stdout.write(options.json ? `${JSON.stringify(inspection)}\n` : await inspectionLines(inspection));
  });
}
