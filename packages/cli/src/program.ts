import { Command, CommanderError, Option } from "commander";
import type { AnimateCommandOptions } from "./commands/animate-command.ts";
import type { ConvertCommandOptions } from "./commands/convert-command.ts";
import type { Io, Verbosity } from "./terminal/io.ts";
import { colour, cropChoice, seconds, trueOrFalse, wholeNumber } from "./terminal/option-values.ts";
import { type ExitCode, reportError } from "./terminal/report-error.ts";

// Commands are imported when they are called: --help and --version load neither models nor codecs.

/**
 * Runs the bunraku command.
 *
 * @param args what stands after the command's name
 * @returns 0 done, 1 failed, 2 called wrongly, 130 interrupted; never throws
 */
export async function run(args: readonly string[], io: Io, version: string): Promise<ExitCode> {
  const verbosity: { json?: boolean; quiet?: boolean } = { json: args.includes("--json") };
  try {
    await createProgram(verbosity.json ? { ...io, stderr: { write: () => undefined } } : io, version).parseAsync(
      [...args],
      { from: "user" },
    );
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.message.replace(/^error: /, "");
      if (verbosity.json) io.stdout.write(`${JSON.stringify({ error: { code: "OPTION", message } })}\n`);
      return 2;
    }
    return reportError(io, verbosity, error);
  }
}

function createProgram(io: Io, version: string): Command {
  const program = new Command("bunraku")
    .description("Makes a picture move the way a video moves.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError("(bunraku --help says what can be asked for)")
    .exitOverride()
    .addHelpText("after", examples);
  addAnimate(program, io);
  addConvert(program, io);
  addInspect(program, io);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

const examples = `
Examples:
  bunraku animate portrait.png --driving clip.mp4 -o moving.mp4
  bunraku animate portrait.jpg --driving wave.gif -o moving.gif --size 320
  bunraku animate portrait.png --driving clip.mp4 -o out.mp4 --checkpoint vox-cpk.pth.tar --config vox-256.yaml
  bunraku convert vox-cpk.pth.tar --config vox-256.yaml -o vox-256 --fp16
  bunraku inspect vox-cpk.pth.tar
`;

function addAnimate(program: Command, io: Io): void {
  const command = program
    .command("animate")
    .summary("make a picture move")
    .description(
      "Makes SOURCE (PNG, JPEG, WebP, AVIF, TIFF) move the way DRIVING moves (MP4, MOV, WebM, MKV, GIF or a folder of pictures).\n" +
        "The first driving frame stands for the source's own pose: start the clip where the two look alike.",
    )
    .argument("<source>", "the picture to move")
    .requiredOption("-d, --driving <file>", "the video that moves")
    .requiredOption("-o, --output <file>", "the result: .mp4, .webm, .gif, or a name ending in / for a folder of PNGs")
    .option("-m, --model <bundle>", "model bundle, a folder or URL (default: the heads model that comes along)")
    .option("--checkpoint <file>", "official checkpoint (.pth.tar) instead of a bundle, with --config")
    .option("--config <yaml>", "the checkpoint's configuration")
    .option("--absolute", "take the driver's positions as they are, not their changes")
    .option("--no-adapt-scale", "do not scale movement by the sizes of the two faces")
    .addOption(
      new Option(
        "--render <how>",
        "hybrid: the picture at its own resolution, painted where needed; warp: moved only; generator: the model's frames",
      ).choices(["hybrid", "warp", "generator"]),
    )
    .option(
      "--size <n>",
      "longer side of the result in pixels (default: the source's own, up to 1280)",
      wholeNumber(2, 8192),
    )
    .option(
      "--source-crop <how>",
      "auto: what the model wants (for heads: the face); face; centre; or left,top,width,height in pixels",
      cropChoice,
      "auto",
    )
    .option("--driving-crop <how>", "the same for the video; one crop for all of it", cropChoice, "auto")
    .option("--start <seconds>", "where in the driving video to begin", seconds)
    .option("--duration <seconds>", "how much of the driving video to use", seconds)
    .option("--background <rrggbb>", "colour behind a transparent source (default: white)", colour)
    .option("--quality <n>", "0 to 100 (default: 80)", wholeNumber(0, 100))
    .option("--mute", "leave the driving video's sound out")
    .option("--align-corners <true|false>", "how the model samples (default: what the model says)", trueOrFalse)
    .option("--frame-size <n>", "run the model at another frame size than it was trained on", wholeNumber(8, 4096))
    .option("--threads <n>", "threads for the model (default: one per core)", wholeNumber(1, 256));
  withCommonOptions(command, { writes: true }).action(async (source: string, options: AnimateCommandOptions) => {
    const { animateCommand, reportLines } = await import("./commands/animate-command.ts");
    const report = await animateCommand(io, source, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else if (!options.quiet) io.stderr.write(reportLines(report));
  });
}

function addConvert(program: Command, io: Io): void {
  const command = program
    .command("convert")
    .summary("make a bundle of an official checkpoint")
    .description(
      "Reads an official checkpoint (weights only; nothing in it is run) and writes a bundle: bunraku.json and weights.safetensors.",
    )
    .argument("<checkpoint>", "the .pth.tar file")
    .requiredOption("--config <yaml>", "the checkpoint's configuration")
    .requiredOption("-o, --output <folder>", "the bundle")
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
    const { convertCommand } = await import("./commands/convert-command.ts");
    const report = await convertCommand(io, checkpoint, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  });
}

function addInspect(program: Command, io: Io): void {
  const command = program
    .command("inspect")
    .summary("say what a file is")
    .description(
      "Says what a checkpoint, configuration, bundle, safetensors file, picture or video holds. Nothing in it is run.",
    )
    .argument("<file>", "any of these");
  withCommonOptions(command, { writes: false }).action(async (file: string, options: Verbosity) => {
    const { inspectCommand, inspectionLines } = await import("./commands/inspect-command.ts");
    const inspection = await inspectCommand(io, file, options);
    io.stdout.write(options.json ? `${JSON.stringify(inspection)}\n` : inspectionLines(inspection));
  });
}

function withCommonOptions(command: Command, { writes }: { writes: boolean }): Command {
  if (writes) command.option("-y, --yes", "overwrite an existing result").option("-q, --quiet", "print errors only");
  return command.option("--json", "print one JSON object, for scripts");
}
