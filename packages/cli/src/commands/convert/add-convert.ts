import { type Command, Option } from "commander";
import { withCommonOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { fileName, trueOrFalse } from "../../terminal/option-values.ts";
import type { ConvertCommandOptions } from "./convert-command.ts";

export function addConvert(program: Command, io: Io): void {
  const command = program
    .command("convert")
    .summary("make a bundle of an official checkpoint")
    .description(
      "Reads an official checkpoint (weights only; nothing in it is run) and writes a bundle: bunraku.json and weights.safetensors.",
    )
    .argument("<checkpoint>", "the .pth.tar file", fileName)
    .option(
      "--config <yaml>",
      "its configuration: a file, or an official name such as vox-256 (default: found)",
      fileName,
    )
    .requiredOption("-o, --output <folder>", "the bundle", fileName)
    .option("--fp16", "store weights in half precision: half the size")
    .option(
      "--align-corners <true|false>",
      "how the model samples (default: true, as the published checkpoints were trained)",
      trueOrFalse,
    )
    .option("--name <name>", "the model's name (default: the file's)")
    .option("--weights-licence <spdx>", "recorded in the bundle")
    .option("--data-licence <spdx>", "recorded in the bundle")
    .option("--trained-on <text>", "recorded in the bundle")
    .addOption(
      new Option("--framing <how>", "recorded in the bundle: face, for models of talking heads").choices(["face"]),
    );
  withCommonOptions(command, { writes: true }).action(async (checkpoint: string, options: ConvertCommandOptions) => {
    const { convertCommand } = await import("./convert-command.ts");
    const report = await convertCommand(io, checkpoint, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  });
}
