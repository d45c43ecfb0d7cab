import type { Backend } from "../contract/backend.ts";
import { BunrakuError } from "../contract/error.ts";
import { OrtBackend } from "../ort/ort-backend.ts";
import { chooseProviders, type Providers } from "./choose-providers.ts";
import { defaultThreads } from "./default-threads.ts";
import { startHost } from "./start-host.ts";

export interface OrtNodeOptions {
  /** Threads for one operator. @default all processors of up to four, half of more, but at least four */
  readonly threads?: number;
  /** `worker` keeps the caller's event loop free; `main` saves the copies and blocks it. @default "worker" */
  readonly thread?: "worker" | "main";
  /**
   * Execution providers in order of preference, as onnxruntime-node names them: "cuda", "tensorrt", "webgpu", "dml",
   * "coreml", "cpu". Those that cannot run here are passed over, with a warning. @default ["cpu"]
   */
  readonly providers?: readonly string[];
  /** A module specifier or file URL to import instead of `onnxruntime-node`. */
  readonly module?: string;
}

/**
 * A backend on onnxruntime-node, an optional peer (`npm install onnxruntime-node`).
 *
 * Sessions live on one worker thread of their own. Runs queue, in call order; a signal takes a waiting run out at once
 * and lets a running one finish. `report.providers` says what is in use, `report.threads` how many there are.
 *
 * @throws `BACKEND_MISSING` when onnxruntime-node is not installed; `BACKEND_UNAVAILABLE` when it cannot start, or none of
 *   the providers can; `OPTION` when its build does not have a provider.
 * @example await using backend = await ortNode({ providers: ["cuda", "cpu"] });
 */
export async function ortNode(options: OrtNodeOptions = {}): Promise<Backend> {
  const { threads = defaultThreads(), thread = "worker", providers = ["cpu"], module = "onnxruntime-node" } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new BunrakuError("OPTION", `ort-node: threads must be a whole number of at least 1, got ${threads}.`);
  }
  if (providers.length === 0) {
    throw new BunrakuError("OPTION", 'ort-node: providers must name at least one, such as "cpu"; got none.');
  }
  const { host, info } = await startHost(thread, { module, providers });
  let chosen: Providers;
  try {
    chosen = chooseProviders(info);
  } catch (error) {
    await host.stop();
    throw error;
  }
  return new OrtBackend({
    name: "ort-node",
    host,
    sessionOptions: {
      executionProviders: [...chosen.providers],
      graphOptimizationLevel: "all",
      logSeverityLevel: 3, // errors only
      intraOpNumThreads: threads,
      // A model is three sessions with threads of their own: those that wait would take the cores from the one that works.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    },
    report: {
      runtime: `onnxruntime-node ${info.version}`,
      providers: chosen.providers,
      threads,
      precision: "float32",
      checks: [],
    },
    warnings: chosen.warnings,
  });
}
