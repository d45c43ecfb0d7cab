import { Worker } from "node:worker_threads";
import { BunrakuError } from "../contract/error.ts";
import type { Host, Reply, Request, SessionInfo, WireTensor } from "./messages.ts";

type Waiting = { resolve: (result: unknown) => void; reject: (error: unknown) => void };
// Omit would merge the union's members; this keeps them apart.
type Message = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;

/** A host on a worker thread of its own. The thread does not keep the process alive while it has nothing to do. */
export async function startWorkerHost(module: string): Promise<Host> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: { module }, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let ended: BunrakuError | undefined;

  const end = (reason: BunrakuError): void => {
    ended ??= reason;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on("message", (reply: Reply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if (reply.error) call?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
    else call?.resolve(reply.result);
  });
  worker.on("error", (cause) => {
    end(new BunrakuError("BACKEND_UNAVAILABLE", `ort-node: its worker thread failed: ${cause.message}`, { cause }));
  });
  worker.on("exit", (code) => {
    end(
      new BunrakuError(
        "BACKEND_UNAVAILABLE",
        `ort-node: its worker thread ended with code ${code}. Create the backend again.`,
      ),
    );
  });

  const call = (message: Message, transfer: ArrayBuffer[] = []): Promise<unknown> => {
    if (ended) return Promise.reject(ended);
    const id = next++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, ...message }, transfer);
    });
  };

  const stop = async (): Promise<void> => {
    end(new BunrakuError("DISPOSED", "ort-node: the backend was disposed."));
    worker.ref(); // or nothing might keep the process alive until the thread has ended
    await worker.terminate();
  };
  try {
    await call({ type: "start" });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    load(model, options) {
      const copy = model.slice(); // the caller keeps its bytes; ours move to the other thread
      return call({ type: "load", model: copy, options }, [copy.buffer]) as Promise<SessionInfo>;
    },
    run: (key, feeds, outputs) => call({ type: "run", key, feeds, outputs }) as Promise<WireTensor[]>,
    async unload(key) {
      try {
        await call({ type: "unload", key });
      } catch (error) {
        if (!ended) throw error; // a thread that has ended holds no sessions
      }
    },
    stop,
  };
}
