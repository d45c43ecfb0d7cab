import type { Backend, LoadOptions, Session } from "../contract/backend.ts";
import { encodeModel } from "./encode-model.ts";
import type { Graph } from "./graph.ts";

/** Graph → graph with the same inputs and outputs: a pass, or several in a row. Borrows what it is given. */
export type Rewrite = (graph: Graph) => Graph | Promise<Graph>;

/** How a graph that is still data is loaded. */
export interface GraphLoadOptions extends LoadOptions {
  /** What becomes of the graph before a backend sees it. @default nothing */
  readonly rewrite?: Rewrite;
}

/**
 * Writes a graph for a backend, and loads it.
 *
 * @param graph borrowed during the call
 * @throws as `Backend.load` does, and what `rewrite` throws
 */
export async function loadGraph(
  backend: Backend,
  graph: Graph,
  { rewrite, ...load }: GraphLoadOptions = {},
): Promise<Session> {
  const written = rewrite ? await rewrite(graph) : graph;
  load.signal?.throwIfAborted();
  return backend.load(encodeModel(written), { ...load, givenAway: true });
}
