// Plain JavaScript, because a worker thread of Node loads it as it is, without a build step.

/** @typedef {import("./messages.ts").Request} Request */
/** @typedef {import("./messages.ts").Reply} Reply */
/** @typedef {Pick<import("./messages.ts").Host, "load" | "run" | "unload">} Sessions */

/**
 * The far end of `RemoteHost`: answers its calls on the thread where the sessions are.
 *
 * @param {(settings: any) => Promise<{ host: Sessions, info: unknown }>} start Makes the host, once.
 * @param {(reply: Reply, transfer: ArrayBuffer[]) => void} post
 * @returns {(request: Request) => Promise<void>} To be called with every message that comes in.
 */
export function answerCalls(start, post) {
  /** @type {Sessions | undefined} */
  let host;

  /** @param {Request} request */
  const answer = async (request) => {
    if (request.type === "start") {
      const started = await start(request.settings);
      host = started.host;
      return started.info;
    }
    if (!host) throw new Error("the worker was not started");
    if (request.type === "load") return host.load(request.model, request.options);
    if (request.type === "unload") return host.unload(request.key);
    const tensors = await host.run(request.key, request.feeds, request.outputs);
    // Buffers that onnxruntime still owns cannot be moved; a copy of our own can.
    for (const tensor of tensors) tensor.data = tensor.data.slice();
    return tensors;
  };

  return async (request) => {
    try {
      const result = await answer(request);
      const transfer = request.type === "run" ? /** @type {any[]} */ (result).map((tensor) => tensor.data.buffer) : [];
      post({ id: request.id, result }, transfer);
    } catch (error) {
      post({ id: request.id, error: describe(error) }, []);
    }
  };
}

/** @param {any} error */
function describe(error) {
  const ours = typeof error === "object" && error !== null && Symbol.for("bunraku.error") in error;
  return { message: String(error?.message ?? error), ...(error?.code && { code: String(error.code) }), ours };
}
