import type { Command } from "commander";
import { withCommonOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { cropChoice, decimal, fileName, wholeNumber } from "../../terminal/option-values.ts";
import type { QuantizeCommandOptions } from "./quantize-command.ts";

export function addQuantize(program: Command, io: Io): void {
  const command = program
    .command("quantize")
    .summary("add smaller and faster forms of its weights to a bundle")
    .description(
      "Adds an int8 variant to BUNDLE: detector and frame compute in 8-bit integers, by ranges that are measured while the " +
        "model renders your clips; layers that cost too much stay in float32. It is used with --variant int8.",
    )
    .argument("<bundle>", "the bundle, a folder (or, with -o, a URL)", fileName)
    .option("--calibrate <clip...>", "videos of what the model will see: MP4, MOV, WebM, MKV, GIF or folders", collect)
    .option("--source <picture...>", "pictures to move meanwhile (default: the first frames of the clips)", collect)
    .option("-o, --output <folder>", "write a new bundle instead of adding to BUNDLE", fileName)
    .option("--frames <n>", "frames of each clip, evenly chosen; every fourth is measured on", wholeNumber(4, 1000), 32)
    .option(
      "--target-psnr <dB>",
      "how near to float32 it stays, on the frames it is calibrated with",
      decimal(0, 100),
      42,
    )
    .option("--driving-crop <how>", "of the clips: auto, face, centre, or left,top,width,height", cropChoice, "auto")
    .option("--source-crop <how>", "of the pictures: auto, face, centre, or left,top,width,height", cropChoice, "auto")
    .option("--fp16", "also add an fp16 variant: half the size of float32")
    .option("--threads <n>", "threads for the model (default: one per core)", wholeNumber(1, 256));
  withCommonOptions(command, { writes: true }).action(async (bundle: string, options: QuantizeCommandOptions) => {
    const { quantizeCommand, quantizeLines } = await import("./quantize-command.ts");
    const report = await quantizeCommand(io, bundle, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else if (!options.quiet) io.stderr.write(quantizeLines(report));
  });
}

/** An option that may be given several times, each with several names. */
function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, fileName(value)];
}
