import { BunrakuError } from "../contract/error.ts";
import type { Started } from "../ort/messages.ts";
import { type RuntimeInfo, startRuntime } from "./start-runtime.js";
import { startWorkerHost } from "./worker-host.ts";

export type Settings = Parameters<typeof startRuntime>[0];

/**
 * Starts what runs the sessions, and turns an import that fails into a sentence with a way out.
 *
 * @throws `BACKEND_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function startHost(thread: "worker" | "main", settings: Settings): Promise<Started<RuntimeInfo>> {
  const { module } = settings;
  try {
    if (thread === "worker") return await startWorkerHost<RuntimeInfo>(settings);
    const { host, info } = await startRuntime(settings);
    return { host: { ...host, stop: async () => undefined }, info };
  } catch (cause) {
    if (BunrakuError.is(cause)) throw cause;
    const { code, message } = cause as { code?: string; message?: string };
    if (
      code === "ERR_MODULE_NOT_FOUND" ||
      code === "MODULE_NOT_FOUND" ||
      /Cannot find (package|module)/.test(message ?? "")
    ) {
      throw new BunrakuError(
        "BACKEND_MISSING",
        `ort-node: cannot import \`${module}\`. Install it: npm install onnxruntime-node`,
        { cause },
      );
    }
    throw new BunrakuError("BACKEND_UNAVAILABLE", `ort-node: \`${module}\` cannot start on this machine: ${message}`, {
      cause,
    });
  }
}
