import { readFile, stat } from "node:fs/promises";
import { parseManifest } from "@bunraku/animate";
import type { BackendName } from "../../inputs/create-backend.ts";
import type { Io, Verbosity } from "../../terminal/io.ts";
import { Progress } from "../../terminal/progress.ts";
import type { AutoDiagnosis, BackendDiagnosis, CodecDiagnosis, DoctorReport, ModelDiagnosis } from "./doctor-report.ts";
import { backendProbes, codecProbes } from "./probes.ts";
import { runApart } from "./run-apart.ts";
import { systemFacts } from "./system-facts.ts";
import { withoutHome } from "./without-home.ts";

export interface DoctorCommandOptions extends Verbosity {
  /** Only this one. */
  readonly backend?: BackendName;
  /** Seconds for each backend. @default 60 */
  readonly limit?: number;
}

/**
 * `bunraku doctor`: what works on this machine, each backend proved in a process of its own, one after the other.
 *
 * @throws `signal.reason`
 */
export async function doctorCommand(
  io: Io,
  { backend, limit = 60, ...verbosity }: DoctorCommandOptions,
  version: string,
): Promise<DoctorReport> {
  const progress = new Progress(io, verbosity);
  using _ = { [Symbol.dispose]: () => progress.end() };
  const backends: BackendDiagnosis[] = [];
  for (const name of backendProbes) {
    if (backend !== undefined && backend !== name) continue;
    progress.stage(`checking ${name}`);
    const outcome = await runApart(io, name, limit);
    backends.push("found" in outcome ? outcome.found : silent(name, outcome.problem));
  }
  let auto: AutoDiagnosis | undefined;
  if (backend === undefined || backend === "auto") {
    progress.stage("looking what auto takes");
    const outcome = await runApart(io, "auto", limit);
    auto = "found" in outcome ? outcome.found : { candidates: [], problem: outcome.problem };
  }
  progress.stage("looking for codecs");
  const codecs: CodecDiagnosis[] = [];
  for (const name of codecProbes) {
    const outcome = await runApart(io, name, limit);
    const missing = { name, available: false, encoders: [], decoders: [] };
    codecs.push("found" in outcome ? outcome.found : { ...missing, problem: outcome.problem });
  }
  return withoutHome({
    version,
    node: process.versions.node,
    system: systemFacts(),
    backends,
    ...(auto && { auto }),
    codecs,
    model: await lookAtModel(),
    works: backends.some(({ works }) => works) || auto?.chosen !== undefined,
  });
}

/** A backend that took its process with it. */
function silent(name: string, problem: string): BackendDiagnosis {
  const checks = { passed: 0, failed: [], milliseconds: 0 };
  return { name, available: false, works: false, problem, warnings: [], checks };
}

async function lookAtModel(): Promise<ModelDiagnosis> {
  try {
    const { heads } = await import("@bunraku/model-heads");
    const { name, weights } = parseManifest(await readFile(new URL("bunraku.json", heads), "utf8"));
    const { file, bytes } = weights;
    const { size } = await stat(new URL(file, heads));
    if (size !== bytes) throw new Error(`${file}: expected ${bytes} bytes, got ${size}. Install bunraku again.`);
    return { available: true, name };
  } catch (error) {
    return { available: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
