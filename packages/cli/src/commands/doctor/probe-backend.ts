import { prove } from "@bunraku/animate/proof";
import type { Backend, Check } from "@bunraku/backends";
import { proveOperators } from "@bunraku/backends/proof";
import { type BackendName, createBackend } from "../../inputs/create-backend.ts";
import type { AutoDiagnosis, BackendDiagnosis } from "./doctor-report.ts";

const nothing = { passed: 0, failed: [], milliseconds: 0 };

/** Makes a backend, has it prove everything, and says what came of it. @throws `signal.reason` */
export async function probeBackend(name: BackendName, limit: number, signal: AbortSignal): Promise<BackendDiagnosis> {
  let backend: Backend;
  try {
    backend = await createBackend({ backend: name }, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { name, available: false, works: false, problem: messageOf(error), warnings: [], checks: nothing };
  }
  const checks = [...(await operatorsOf(backend, limit, signal)), ...(await prove(backend, { limit, signal }))];
  const failed = checks.filter(({ pass }) => !pass);
  const { runtime, providers, threads, device, precision } = backend.report ?? {};
  const diagnosis: BackendDiagnosis = {
    name,
    available: true,
    // What fails and has a stand-in is done by that.
    works: failed.every(({ replacedBy }) => replacedBy !== undefined),
    ...(runtime !== undefined && { runtime }),
    ...(providers && { providers }),
    ...(threads !== undefined && { threads }),
    ...(device && { device }),
    ...(precision && { precision }),
    warnings: [...backend.warnings],
    checks: {
      passed: checks.length - failed.length,
      failed,
      milliseconds: Math.round(checks.reduce((sum, { milliseconds }) => sum + milliseconds, 0)),
    },
  };
  letGo(backend);
  return diagnosis;
}

/** What a backend proved of its operators when it was made, else now. */
async function operatorsOf(backend: Backend, limit: number, signal: AbortSignal): Promise<readonly Check[]> {
  const known = backend.report?.checks ?? [];
  return known.length > 0 ? [...known] : proveOperators(backend, { limit, signal });
}

/** What `--backend auto` takes, and why. @throws `signal.reason` */
export async function probeAuto(limit: number, signal: AbortSignal): Promise<AutoDiagnosis> {
  try {
    const backend = await createBackend({ backend: "auto", limit }, signal);
    const candidates = backend.report?.candidates ?? [];
    letGo(backend);
    return { chosen: candidates.find(({ chosen }) => chosen)?.name ?? backend.name, candidates };
  } catch (error) {
    signal.throwIfAborted();
    return { candidates: [], problem: messageOf(error) };
  }
}

/** Without waiting: a backend that hangs does not end, either. */
function letGo(backend: Backend): void {
  Promise.resolve(backend[Symbol.asyncDispose]()).catch(() => undefined);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
