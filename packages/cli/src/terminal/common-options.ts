import { type Command, Option } from "commander";
import { backendNames } from "../inputs/create-backend.ts";
import { fileName, jobsChoice, trueOrFalse, wholeNumber } from "./option-values.ts";

/** Options that every command has. */
export function withCommonOptions(command: Command, { writes }: { writes: boolean }): Command {
  command.optionsGroup("In general:");
  if (writes) command.option("-y, --yes", "overwrite an existing result").option("-q, --quiet", "print errors only");
  return command.option("--json", "print one JSON object, for scripts");
}

/** Which model is used, and how it runs. */
export function withModelOptions(command: Command): Command {
  return command
    .optionsGroup("Model:")
    .option(
      "-m, --model <bundle>",
      "model bundle, a folder or URL (default: the heads model that comes along)",
      fileName,
    )
    .option("--checkpoint <file>", "official checkpoint (.pth.tar) instead of a bundle", fileName)
    .option(
      "--config <yaml>",
      "the checkpoint's configuration: a file, or an official name such as vox-256 (default: found)",
      fileName,
    )
    .addOption(
      new Option(
        "--variant <name>",
        "another form of the bundle's weights: int8 computes in 8-bit integers on processors, fp16 is a smaller file",
      ).choices(["int8", "fp16"]),
    )
    .option("--align-corners <true|false>", "how the model samples (default: what the model says)", trueOrFalse)
    .option("--frame-size <n>", "for another frame size than the model was trained on", wholeNumber(8, 4096));
}

/** What the model runs on. */
export function withBackend(command: Command): Command {
  return command.addOption(
    new Option(
      "--backend <name>",
      "what the model runs on (default: ort-node; auto takes the fastest that works)",
    ).choices(backendNames),
  );
}

/** What the model runs on, and how much of the machine it takes. */
export function withMachine(command: Command): Command {
  return withBackend(command).option(
    "--threads <n>",
    "threads for the model (default: one per core)",
    wholeNumber(1, 256),
  );
}

/** How many pictures are worked on at once. */
export function withJobs(command: Command): Command {
  return command.option(
    "--jobs <n>",
    "pictures rendered at once, each by a model of its own; auto: one per core and 4 GB of memory (default: 1; auto with --model or --checkpoint)",
    jobsChoice,
  );
}
