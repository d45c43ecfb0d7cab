import type { Command } from "commander";

/** Options that every command has. */
export function withCommonOptions(command: Command, { writes }: { writes: boolean }): Command {
  if (writes) command.option("-y, --yes", "overwrite an existing result").option("-q, --quiet", "print errors only");
  return command.option("--json", "print one JSON object, for scripts");
}
