import type { Command } from "commander";
import type { Io, Verbosity } from "../terminal/io.ts";
import { withCommonOptions } from "./common-options.ts";

export function addInspect(program: Command, io: Io): void {
  const command = program
    .command("inspect")
    .summary("say what a file is")
    .description(
      "Says what a checkpoint, configuration, bundle, safetensors file, picture or video holds. Nothing in it is run.",
    )
    .argument("<file>", "any of these");
  withCommonOptions(command, { writes: false }).action(async (file: string, options: Verbosity) => {
    const { inspectCommand, inspectionLines } = await import("../commands/inspect-command.ts");
    const inspection = await inspectCommand(io, file, options);
    io.stdout.write(options.json ? `${JSON.stringify(inspection)}\n` : inspectionLines(inspection));
  });
}
