import type { Backend } from "../contract/backend.ts";
import type { Tensor } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { GraphBuilder, type Value } from "../onnx/graph-builder.ts";

/**
 * Runs a piece of a graph alone: writes a graph around it, loads it, runs it once and lets it go.
 *
 * For tests that hold a piece to a definition of it.
 *
 * @param build Adds the piece; its inputs are values of the names and dims of `feeds`.
 * @returns What the piece yields, owned by the caller.
 * @throws What `backend.load` and `run` throw.
 * @example await runPiece(backend, (g, { x }) => g.node("Relu", [x], x.dims), { x: noise([1, 4]) });
 */
export async function runPiece<Name extends string>(
  backend: Backend,
  build: (g: GraphBuilder, inputs: Record<Name, Value>) => Value,
  feeds: Readonly<Record<Name, Tensor>>,
): Promise<Tensor<"float32">> {
  const g = new GraphBuilder("piece");
  const named = Object.entries<Tensor>(feeds);
  const inputs = Object.fromEntries(named.map(([name, { dims, type }]) => [name, g.input(name, dims, type)]));
  g.output(build(g, inputs as Record<Name, Value>), "answer of the piece");
  await using session = await backend.load(encodeModel(g.build()));
  const { "answer of the piece": answer } = await session.run(feeds);
  return answer as Tensor<"float32">;
}
