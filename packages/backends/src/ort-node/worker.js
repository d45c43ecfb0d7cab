// onnxruntime-node's run() blocks its thread, so sessions live on this one and the caller's event loop stays free.
import { parentPort, workerData } from "node:worker_threads";
import { createHost } from "./host.js";

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);

/** @type {ReturnType<typeof createHost> | undefined} */
let host;

port.on("message", async (/** @type {import("./messages.ts").Request} */ request) => {
  try {
    if (request.type === "start") {
      const imported = await import(workerData.module);
      host = createHost(imported.default ?? imported);
      port.postMessage({ id: request.id, result: undefined });
      return;
    }
    if (!host) throw new Error("the worker was not started");
    if (request.type === "load") {
      port.postMessage({ id: request.id, result: await host.load(request.model, request.options) });
    } else if (request.type === "run") {
      const result = await host.run(request.key, request.feeds, request.outputs);
      // Buffers that onnxruntime still owns cannot be moved; a copy of our own can.
      for (const tensor of result) tensor.data = tensor.data.slice();
      port.postMessage(
        { id: request.id, result },
        /** @type {ArrayBuffer[]} */ (result.map((tensor) => tensor.data.buffer)),
      );
    } else {
      port.postMessage({ id: request.id, result: await host.unload(request.key) });
    }
  } catch (error) {
    const { message = String(error), code = undefined } = /** @type {{ message?: string, code?: string }} */ (
      error ?? {}
    );
    port.postMessage({ id: request.id, error: { message, code } });
  }
});
