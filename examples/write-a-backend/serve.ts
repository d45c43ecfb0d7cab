import { type Backend, BunrakuError, type Session } from "@bunraku/backends";
import { type Answer, pack, type Question, unpack } from "./messages.ts";

/**
 * Lets whoever holds the other end of a port run graphs on a backend.
 *
 * @param backend borrowed; what was loaded through the port is disposed when the port closes
 */
export function serve(backend: Backend, port: MessagePort): void {
  const sessions = new Map<number, Session>();

  async function answer(question: Question): Promise<{ found: unknown; buffers?: ArrayBuffer[] }> {
    const { name, warnings, report } = backend;
    if (question.call === "describe") return { found: { name, warnings, ...(report && { report }) } };
    if (question.call === "load") {
      const session = await backend.load(question.model);
      sessions.set(question.id, session);
      return { found: { key: question.id, inputs: session.inputs, outputs: session.outputs } };
    }
    const session = sessions.get(question.key)!;
    if (question.call === "run") {
      const values = await session.run(unpack(question.feeds), { outputs: question.outputs });
      const { packed, buffers } = await pack(values);
      for (const value of Object.values(values)) value[Symbol.dispose]();
      return { found: packed, buffers };
    }
    sessions.delete(question.key);
    return { found: await session[Symbol.asyncDispose]() };
  }

  port.addEventListener("message", async ({ data: question }: MessageEvent<Question>) => {
    const { id } = question;
    try {
      const { found, buffers = [] } = await answer(question);
      port.postMessage({ id, answer: found } satisfies Answer, buffers);
    } catch (cause) {
      const code = BunrakuError.is(cause) ? cause.code : "BACKEND_UNAVAILABLE";
      const message = cause instanceof Error ? cause.message : String(cause);
      port.postMessage({ id, error: { code, message } } satisfies Answer);
    }
  });
  port.addEventListener("close", () => {
    for (const session of sessions.values()) void session[Symbol.asyncDispose]();
  });
  port.start();
}
