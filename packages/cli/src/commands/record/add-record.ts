import type { Command } from "commander";
import { withCommonOptions, withMachine, withModelOptions } from "../../terminal/common-options.ts";
import type { Io } from "../../terminal/io.ts";
import { cropChoice, fileName, seconds, wholeNumber } from "../../terminal/option-values.ts";
import type { RecordCommandOptions } from "./record-command.ts";

export function addRecord(program: Command, io: Io): void {
  const command = program
    .command("record")
    .summary("record the motion of a video")
    .description(
      "Reads the keypoints of DRIVING, frame by frame, into a motion clip: a small file (a quarter of a kilobyte per frame) " +
        "that moves any picture later, with the same model: bunraku animate SOURCE --motion CLIP. It holds no pictures.",
    )
    .argument("<driving>", "the video that moves: MP4, MOV, WebM, MKV, GIF or a folder of pictures", fileName)
    .requiredOption("-o, --output <file>", "the motion clip, .bkmotion", fileName)
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
    .option("--provenance <text>", "recorded in the clip: whose motion it is and where it comes from");
  withMachine(withModelOptions(command));
  withCommonOptions(command, { writes: true }).action(async (driving: string, options: RecordCommandOptions) => {
    const { recordCommand, recordLines } = await import("./record-command.ts");
    const report = await recordCommand(io, driving, options);
    if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else if (!options.quiet) io.stderr.write(recordLines(report));
  });
}
