import { BunrakuError, type Warning } from "../contract/error.ts";
import type { RuntimeInfo } from "./start-runtime.js";

/** Providers that work, in order of preference, and what should be said of those that do not. */
export interface Providers {
  readonly providers: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * Keeps the providers that this build has and this machine can run.
 *
 * @throws `OPTION` when this build does not have one; `BACKEND_UNAVAILABLE` when none of them works.
 */
export function chooseProviders({ known, tried }: RuntimeInfo): Providers {
  const strange = tried.find(({ provider }) => known && !known.includes(provider));
  if (strange) {
    throw new BunrakuError(
      "OPTION",
      `ort-node: this build of onnxruntime-node has no provider "${strange.provider}"; it has ${known!.join(", ")}.`,
    );
  }
  const providers = tried.filter(({ problem }) => problem === undefined).map(({ provider }) => provider);
  const failed = tried.filter(({ problem }) => problem !== undefined);
  if (providers.length === 0) {
    const problems = failed.map(({ provider, problem }) => `"${provider}" cannot run here: ${why(problem!)}`).join(" ");
    const way = failed.map(({ provider }) => JSON.stringify(provider)).join(", ");
    throw new BunrakuError(
      "BACKEND_UNAVAILABLE",
      `ort-node: provider ${problems} Install its driver and libraries, or allow another: providers: [${way}, "cpu"].`,
    );
  }
  const warnings = failed.map(({ provider, problem }) => ({
    type: "provider-unavailable",
    message: `ort-node: provider "${provider}" cannot run here, so "${providers[0]}" is used: ${why(problem!)}`,
  }));
  return { providers, warnings };
}

/** What a provider said, without the source lines of onnxruntime before it and the stack after it. */
function why(problem: string): string {
  const line = problem
    .split("\n")[0]!
    .replace(/^.* was false\. /, "")
    .trim();
  return line.endsWith(".") ? line : `${line}.`;
}
