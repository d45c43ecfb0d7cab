import { BunrakuError } from "@bunraku/backends";
import { backendNames } from "../../inputs/create-backend.ts";
import type { AutoDiagnosis, BackendDiagnosis, CodecDiagnosis } from "./doctor-report.ts";
import { probeAuto, probeBackend } from "./probe-backend.ts";
import { probeFfmpeg, probeNodeAv } from "./probe-codecs.ts";

/** What can be looked at in a process of its own, and what comes out. */
export type Findings = { readonly [Name in Exclude<BackendProbe, "auto">]: BackendDiagnosis } & {
  readonly auto: AutoDiagnosis;
  readonly "node-av": CodecDiagnosis;
  readonly ffmpeg: CodecDiagnosis;
};
type BackendProbe = (typeof backendNames)[number];
export type ProbeName = keyof Findings;

export const backendProbes = backendNames.filter((name) => name !== "auto");
export const codecProbes = ["node-av", "ffmpeg"] as const;

/**
 * Looks at one thing in this process.
 *
 * @param limit Milliseconds for one check.
 * @throws `OPTION` when there is no such thing to look at; `signal.reason`
 */
export async function probe(name: string, limit: number, signal: AbortSignal): Promise<Findings[ProbeName]> {
  if (name === "auto") return probeAuto(limit, signal);
  if (name === "node-av") return probeNodeAv();
  if (name === "ffmpeg") return probeFfmpeg();
  const backend = backendProbes.find((each) => each === name);
  if (backend) return probeBackend(backend, limit, signal);
  throw new BunrakuError("OPTION", `doctor: there is nothing called ${JSON.stringify(name)} to look at.`);
}
