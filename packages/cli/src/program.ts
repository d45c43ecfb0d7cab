import { Command, CommanderError } from "commander";
import { addAnimate } from "./commands/animate/add-animate.ts";
import { addConvert } from "./commands/convert/add-convert.ts";
import { addDoctor } from "./commands/doctor/add-doctor.ts";
import { addExport } from "./commands/export/add-export.ts";
import { addInspect } from "./commands/inspect/add-inspect.ts";
import { addQuantize } from "./commands/quantize/add-quantize.ts";
import { addRecord } from "./commands/record/add-record.ts";
import type { Io } from "./terminal/io.ts";
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
  addRecord(program, io);
  addConvert(program, io);
  addQuantize(program, io);
  addExport(program, io);
  addInspect(program, io);
  addDoctor(program, io, version);
  for (const command of program.commands) {
    command
      .exitOverride()
      .copyInheritedSettings(program)
      .helpOption("-h, --help", "print this help")
      .showHelpAfterError(`(bunraku ${command.name()} --help says what can be asked for)`);
  }
  return program;
}

const examples = `
Examples:
  bunraku animate portrait.png --driving clip.mp4 -o moving.mp4
  bunraku animate portrait.jpg --driving wave.gif -o moving.gif --size 320
  bunraku animate portrait.png --driving clip.mp4 -o out.mp4 --checkpoint vox-cpk.pth.tar --config vox-256.yaml
  bunraku record clip.mp4 -o nod.bkmotion
  bunraku animate portrait.png --motion nod.bkmotion -o moving.mp4
  bunraku convert vox-cpk.pth.tar --config vox-256 -o vox-256 --fp16
  bunraku quantize vox-256 --calibrate clip.mp4
  bunraku export --model vox-256 -o vox-256-onnx
  bunraku inspect vox-cpk.pth.tar
  bunraku doctor
`;
