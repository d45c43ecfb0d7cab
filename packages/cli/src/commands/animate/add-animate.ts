import { type Command, Option } from "commander";
import { withCommonOptions, withJobs, withMachine, withModelOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import {
  colour,
  cropChoice,
  decimal,
  fileName,
  fileNames,
  frameChoice,
  indices,
  seconds,
  smoothing,
  wholeNumber,
} from "../../terminal/option-values.ts";
import type { AnimateCommandOptions } from "./animate-command.ts";

export function addAnimate(program: Command, io: Io): void {
  const command = program
    .command("animate")
    .summary("make a picture move")
    .description(
      "Makes SOURCE (PNG, JPEG, WebP, AVIF, TIFF) move the way DRIVING moves (MP4, MOV, WebM, MKV, GIF or a folder of " +
        "pictures), or the way a recorded MOTION does.\n" +
        "The first driving frame stands for the source's own pose: start the clip where the two look alike, or ask for --best-frame.",
    )
    .argument("<source...>", "the picture to move; several are moved alike, by one reading of the video", fileNames)
    .option("-d, --driving <file>", "the video that moves", fileName)
    .option("--motion <file>", "motion recorded by bunraku record, instead of a video", fileName)
    .requiredOption(
      "-o, --output <file>",
      "the result: .mp4, .webm, .gif, or a name ending in / for a folder of PNGs; {name} stands for the source's name",
      fileName,
    );
  addMovement(command);
  addPicture(command);
  addDriving(command);
  withJobs(withMachine(withModelOptions(command)));
  withCommonOptions(command, { writes: true }).action(async (sources: string[], options: AnimateCommandOptions) => {
    const { animateAllCommand, reportLines } = await import("./animate-command.ts");
    const reports = await animateAllCommand(io, sources, options);
    const [only] = reports;
    if (options.json) io.stdout.write(`${JSON.stringify(reports.length === 1 ? only : { results: reports })}\n`);
    else if (!options.quiet) io.stderr.write(reports.map(reportLines).join(""));
  });
}

function addMovement(command: Command): void {
  command
    .optionsGroup("Movement:")
    .addOption(
      new Option("--absolute", "take the driver's positions as they are, not their changes").conflicts("relative"),
    )
    .option("--relative", "take the driver's changes (default, unless the model's configuration says otherwise)")
    .addOption(
      new Option(
        "--best-frame [n]",
        "start movement from the frame posed most like the source, or from frame n (from 0); reads the video first",
      ).argParser(frameChoice),
    )
    .option("--no-adapt-scale", "do not scale movement by the sizes of the two faces")
    .option("--keep-inside", "keep moved keypoints on the picture")
    .option("--adapt-covariances", "Monkey-Net: change the source's covariances the way the driver's change")
    .addOption(
      new Option(
        "--order <order>",
        "of motion: zeroth (translations), first (by jacobians), spline (through all keypoints)",
      ).choices(["zeroth", "first", "spline"]),
    )
    .option("--stiffness <n>", "with --order spline: 0 bends as much as it takes, more bends less", decimal(0, 1e6))
    .option("--gain <n>", "multiplies movement: 0.5 halves it, 2 doubles it (default: 1)", decimal(-10, 10))
    .option("--limit <n>", "the farthest a keypoint may move, where the picture is 2 wide", decimal(0, 100))
    .option("--freeze <k,…>", "keypoints, from 0, that stay where they are", indices)
    .addOption(
      new Option(
        "--smooth [how]",
        "calm keypoints: offline (without lag, reads the video first) or live (as they come)",
      )
        .argParser(smoothing)
        .preset("offline"),
    );
}

function addPicture(command: Command): void {
  command
    .optionsGroup("Picture:")
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
    .option("--background <rrggbb>", "colour behind a transparent source (default: white)", colour)
    .option("--quality <n>", "0 to 100 (default: 80)", wholeNumber(0, 100));
}

function addDriving(command: Command): void {
  command
    .optionsGroup("Driving video:")
    .option("--driving-crop <how>", "as for the source; one crop for all of it", cropChoice, "auto")
    .option("--start <seconds>", "where in the driving video to begin", seconds)
    .option("--duration <seconds>", "how much of the driving video to use", seconds)
    .option("--mute", "leave the driving video's sound out");
}
