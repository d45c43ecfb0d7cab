import { BunrakuError } from "../contract/error.ts";
import { createHost } from "./host.js";
import type { Host } from "./messages.ts";
import { startWorkerHost } from "./worker-host.ts";

/**
 * Starts what runs the sessions, and turns an import that fails into a sentence with a way out.
 *
 * @throws `BACKEND_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function startHost(thread: "worker" | "main", module: string): Promise<Host> {
  try {
    if (thread === "worker") return await startWorkerHost(module);
    const imported = await import(/* @vite-ignore */ module);
    const host = createHost(imported.default ?? imported);
    return { ...host, stop: async () => undefined };
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
