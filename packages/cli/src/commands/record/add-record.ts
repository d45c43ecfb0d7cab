import type { Command } from "commander";
import { withCommonOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { cropChoice, seconds, trueOrFalse, wholeNumber } from "../../terminal/option-values.ts";
import type { RecordCommandOptions } from "./record-command.ts";

export function addRecord(program: Command, io: Io): void {
  const command = program
    .command("record")
    .summary("record the motion of a video")
    .description(
      "Reads the keypoints of DRIVING, frame by frame, into a motion clip: a small file (a quarter of a kilobyte per frame)\n" +
        "that moves any picture later, with the same model: bunraku animate SOURCE --motion CLIP. It holds no pictures.",
    )
    .argument("<driving>", "the video that moves: MP4, MOV, WebM, MKV, GIF or a folder of pictures")
    .requiredOption("-o, --output <file>", "the motion clip, .bkmotion")
    .option("-m, --model <bundle>", "model bundle, a folder or URL (default: the heads model that comes along)")
    .option("--checkpoint <file>", "official checkpoint (.pth.tar) instead of a bundle")
    .option(
      "--config <yaml>",
      "the checkpoint's configuration: a file, or an official name such as vox-256 (default: found)",
    )
    .option("--driving-crop <how>", "auto, face, centre, or left,top,width,height in pixels", cropChoice, "auto")
    .option("--start <seconds>", "where in the video to begin", seconds)
    .option("--duration <seconds>", "how much of the video to read", seconds)
    .option(
      "--initial <n>",
      "the frame, from 0, that relative movement starts from (default: 0)",
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option("--smooth", "calm keypoints without lag; holds the keypoints of the whole video meanwhile")
    .option("--about <text>", "recorded in the clip")
    .option("--licence <terms>", "recorded in the clip: under which terms it may be used")
    .option("--provenance <text>", "recorded in the clip: whose motion it is and where it comes from")
    .option("--align-corners <true|false>", "how the model samples (default: what the model says)", trueOrFalse)
    .option("--frame-size <n>", "run the model at another frame size than it was trained on", wholeNumber(8, 4096))
    .option("--threads <n>", "threads for the model (default: one per core)", wholeNumber(1, 256));
  withCommonOptions(command, { writes: true }).action(async (driving: string, options: RecordCommandOptions) => {
    const { recordCommand, recordLines } = await import("./record-command.ts");
    const report = await recordCommand(io, driving, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else if (!options.quiet) io.stderr.write(recordLines(report));
  });
}
