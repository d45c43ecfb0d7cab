import { Worker } from "node:worker_threads";
import { BunrakuError } from "../contract/error.ts";
import type { Reply, Started } from "../ort/messages.ts";
import { RemoteHost } from "../ort/remote-host.ts";

/**
 * A host on a worker thread of its own. The thread does not keep the process alive while it has nothing to do.
 *
 * @throws What the start over there throws.
 */
export async function startWorkerHost<Info>(settings: unknown): Promise<Started<Info>> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { execArgv: [] });
  const host = new RemoteHost("ort-node", {
    post: (request, transfer) => worker.postMessage(request, transfer),
    busy: (waiting) => (waiting ? worker.ref() : worker.unref()),
    async terminate() {
      worker.ref(); // or nothing might keep the process alive until the thread has ended
      await worker.terminate();
    },
  });
  worker.on("message", (reply: Reply) => host.settle(reply));
  worker.on("error", (cause) => {
    host.end(
      new BunrakuError("BACKEND_UNAVAILABLE", `ort-node: its worker thread failed: ${cause.message}`, { cause }),
    );
  });
  worker.on("exit", (code) => {
    host.end(
      new BunrakuError(
        "BACKEND_UNAVAILABLE",
        `ort-node: its worker thread ended with code ${code}. Create the backend again.`,
      ),
    );
  });
  try {
    return { host, info: await host.start<Info>(settings) };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
