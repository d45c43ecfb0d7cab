export {
  type AnimateCommandOptions,
  type AnimateReport,
  animateAllCommand,
  animateCommand,
} from "./commands/animate/animate-command.ts";
export type { ConvertCommandOptions, ConvertReport } from "./commands/convert/convert-command.ts";
export type { Inspection } from "./commands/inspect/inspect-command.ts";
export { run } from "./program.ts";
export type { Io, Verbosity } from "./terminal/io.ts";
export { type ExitCode, reportError } from "./terminal/report-error.ts";
