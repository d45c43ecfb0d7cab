import {
  type Backend,
  BunrakuError,
  checkFeeds,
  type LoadOptions,
  type RunOptions,
  SerialQueue,
  type Session,
  type Values,
} from "@bunraku/backends";
import { asking } from "./ask.ts";
import { pack, unpack } from "./messages.ts";

/**
 * A backend at the other end of a port, where `serve` answers: in a worker, in another window.
 *
 * @param port owned; closed when the backend is disposed
 */
export async function remote(port: MessagePort): Promise<Backend> {
  const ask = asking(port);
  const { name, warnings, report } = await ask("describe", {});
  const queue = new SerialQueue();
  const sessions = new Set<Session>();
  let disposed = false;
  const gone = (what: string) => new BunrakuError("DISPOSED", `remote: the ${what} was used after it was disposed.`);

  async function load(model: Uint8Array): Promise<Session> {
    const copy = model.slice();
    const { key, inputs, outputs } = await ask("load", { model: copy }, [copy.buffer]);
    const session: Session = {
      inputs,
      outputs,
      async run(feeds: Values, options: RunOptions = {}): Promise<Values> {
        if (!sessions.has(session)) throw gone("session");
        checkFeeds(session, feeds, options.outputs);
        const wanted = [...new Set(options.outputs ?? outputs.map((output) => output.name))];
        return queue.add(async () => {
          if (!sessions.has(session)) throw gone("session");
          const { packed, buffers } = await pack(feeds);
          return unpack(await ask("run", { key, feeds: packed, outputs: wanted }, buffers));
        }, options.signal);
      },
      async [Symbol.asyncDispose](): Promise<void> {
        if (sessions.delete(session)) await queue.add(() => ask("unload", { key })).catch(() => undefined);
      },
    };
    sessions.add(session);
    return session;
  }

  return {
    contract: 1,
    name: `remote ${name}`,
    warnings,
    ...(report && { report }),
    async load(model: Uint8Array, { signal, onProgress }: LoadOptions = {}): Promise<Session> {
      if (disposed) throw gone("backend");
      onProgress?.({ phase: "compile", loaded: 0, total: 1 });
      const session = await queue.add(() => load(model), signal);
      onProgress?.({ phase: "compile", loaded: 1, total: 1 });
      return session;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      disposed = true;
      await queue.idle();
      await Promise.all([...sessions].map((session) => session[Symbol.asyncDispose]()));
      port.close();
    },
  };
}
