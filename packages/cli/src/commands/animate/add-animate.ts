import { type Command, Option } from "commander";
import { withCommonOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import {
  colour,
  cropChoice,
  decimal,
  frameChoice,
  indices,
  seconds,
  trueOrFalse,
  wholeNumber,
} from "../../terminal/option-values.ts";
import type { AnimateCommandOptions } from "./animate-command.ts";

export function addAnimate(program: Command, io: Io): void {
  const command = program
    .command("animate")
    .summary("make a picture move")
    .description(
      "Makes SOURCE (PNG, JPEG, WebP, AVIF, TIFF) move the way DRIVING moves (MP4, MOV, WebM, MKV, GIF or a folder of pictures),\n" +
        "or the way a recorded MOTION does.\n" +
        "The first driving frame stands for the source's own pose: start the clip where the two look alike, or ask for --best-frame.",
    )
    .argument("<source>", "the picture to move")
    .option("-d, --driving <file>", "the video that moves")
    .option("--motion <file>", "motion recorded by bunraku record, instead of a video")
    .requiredOption("-o, --output <file>", "the result: .mp4, .webm, .gif, or a name ending in / for a folder of PNGs")
    .option("-m, --model <bundle>", "model bundle, a folder or URL (default: the heads model that comes along)")
    .option("--checkpoint <file>", "official checkpoint (.pth.tar) instead of a bundle")
    .option(
      "--config <yaml>",
      "the checkpoint's configuration: a file, or an official name such as vox-256 (default: found)",
    )
    .addOption(
      new Option("--absolute", "take the driver's positions as they are, not their changes").conflicts("relative"),
    )
    .option("--relative", "take the driver's changes (default, unless the model's configuration says otherwise)")
    .option("--no-adapt-scale", "do not scale movement by the sizes of the two faces")
    .option("--keep-inside", "keep moved keypoints on the picture")
    .option("--adapt-covariances", "Monkey-Net: change the source's covariances the way the driver's change")
    .addOption(
      new Option(
        "--order <order>",
        "of motion: zeroth (translations), first (by jacobians), spline (through all keypoints)",
      ).choices(["zeroth", "first", "spline"]),
    )
    .option("--gain <n>", "multiplies movement: 0.5 halves it, 2 doubles it (default: 1)", decimal(-10, 10))
    .option("--limit <n>", "the farthest a keypoint may move, where the picture is 2 wide", decimal(0, 100))
    .option("--freeze <k,…>", "keypoints, from 0, that stay where they are", indices)
    .addOption(
      new Option(
        "--smooth [how]",
        "calm keypoints: offline (without lag, reads the video first) or live (as they come)",
      )
        .choices(["offline", "live"])
        .preset("offline"),
    )
    .option(
      "--best-frame [n]",
      "start movement from the frame posed most like the source, or from frame n (from 0)",
      frameChoice,
    )
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
    const { animateCommand, reportLines } = await import("./animate-command.ts");
    const report = await animateCommand(io, source, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else if (!options.quiet) io.stderr.write(reportLines(report));
  });
}
