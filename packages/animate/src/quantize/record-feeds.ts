import { type Backend, type Session, tensor, type Values } from "@bunraku/backends";

/** What sessions were fed, by an output that tells which they are. Arrays are shared with whoever fed them. */
export type RecordedFeeds = Map<string, Values[]>;

/** The same arrays in tensors of their own, which stay when those that were fed are disposed. */
function kept(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, { type, data, dims }]) => [name, tensor(type, data as never, dims)]),
  );
}

/**
 * A backend that remembers what its sessions are fed, so that their graphs can be run again with more outputs.
 *
 * @param backend borrowed; disposing the result does nothing
 * @param telling outputs of the sessions to listen to
 */
export function recordFeeds(
  backend: Backend,
  telling: readonly string[],
): { readonly backend: Backend; readonly feeds: RecordedFeeds } {
  const feeds: RecordedFeeds = new Map(telling.map((output) => [output, []]));
  const listen = (session: Session): Session => {
    const output = telling.find((name) => session.outputs.some((output) => output.name === name));
    if (output === undefined) return session;
    return {
      inputs: session.inputs,
      outputs: session.outputs,
      run: (values, options) => {
        feeds.get(output)!.push(kept(values));
        return session.run(values, options);
      },
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    };
  };
  return {
    feeds,
    backend: {
      contract: 1,
      name: backend.name,
      warnings: backend.warnings,
      load: async (model, options) => listen(await backend.load(model, options)),
      [Symbol.asyncDispose]: async () => undefined,
    },
  };
}
