import { type Command, Option } from "commander";
import { backendNames } from "../../inputs/create-backend.ts";
import { withCommonOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { wholeNumber } from "../../terminal/option-values.ts";
import { AlreadyTold } from "../../terminal/report-error.ts";
import type { DoctorCommandOptions } from "./doctor-command.ts";

export function addDoctor(program: Command, io: Io, version: string): void {
  const command = program
    .command("doctor")
    .summary("say what works on this machine")
    .description(
      "Makes every backend run operators and small models whose answers are known, each in a process of its own, and says " +
        "what works, what is missing and what to install. Its report names no personal paths: paste it into a bug report.\n" +
        "Ends with 0 when a backend works, else with 1.",
    )
    .addOption(new Option("--backend <name>", "only this one").choices(backendNames))
    .option("--limit <seconds>", "for each backend (default: 60)", wholeNumber(1, 3600))
    // How the command looks at one thing, when it has started itself again.
    .addOption(new Option("--probe <name>").hideHelp());
  withCommonOptions(command, { writes: false }).action(
    async ({ probe: probed, ...options }: DoctorCommandOptions & { probe?: string }) => {
      if (probed !== undefined) {
        const { probe } = await import("./probes.ts");
        io.stdout.write(`${JSON.stringify(await probe(probed, 500 * (options.limit ?? 60), io.signal))}\n`);
        return;
      }
      const { doctorCommand } = await import("./doctor-command.ts");
      const { doctorLines } = await import("./doctor-lines.ts");
      const report = await doctorCommand(io, options, version);
      io.stdout.write(options.json ? `${JSON.stringify(report)}\n` : doctorLines(report));
      if (!report.works) throw new AlreadyTold();
    },
  );
}
