import { BunrakuError } from "../contract/error.ts";
import type { Started } from "../ort/messages.ts";
import { RemoteHost } from "../ort/remote-host.ts";
import type { RuntimeInfo, RuntimeSettings } from "./start-runtime.ts";

const wayOut =
  'Bundle "@bunraku/backends/ort-web/worker" and say where it is: ortWeb({ worker: () => new Worker(url, { type: "module" }) }).';

/**
 * A host in a module worker of its own.
 *
 * @throws `BACKEND_UNAVAILABLE` when the worker cannot be made or its script not be loaded; what the start over there throws.
 */
export async function startWorkerHost(
  createWorker: () => Worker,
  settings: RuntimeSettings,
): Promise<Started<RuntimeInfo>> {
  let worker: Worker;
  try {
    worker = createWorker();
  } catch (cause) {
    const { message } = cause as Error;
    throw new BunrakuError("BACKEND_UNAVAILABLE", `ort-web: its worker cannot be made: ${message} ${wayOut}`, {
      cause,
    });
  }
  const host = new RemoteHost("ort-web", {
    post: (request, transfer) => worker.postMessage(request, transfer),
    terminate: () => worker.terminate(),
  });
  worker.addEventListener("message", ({ data }) => host.settle(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // it is told here, and needs not be told to the window
    // A script that does not load gives a bare event without words.
    const reason = event.message
      ? `its worker failed: ${event.message}. Create the backend again.`
      : `the script of its worker cannot be loaded. ${wayOut}`;
    host.end(new BunrakuError("BACKEND_UNAVAILABLE", `ort-web: ${reason}`));
  });
  try {
    return { host, info: await host.start<RuntimeInfo>(settings) };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
