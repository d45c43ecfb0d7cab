import type { Backend } from "../contract/backend.ts";
import type { BackendReport, Check } from "../contract/report.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { compareTensors } from "../testing/compare-tensors.ts";
import type { KnownGraph } from "./known-graph.ts";
import { knownGraphs } from "./known-graphs.ts";
import { type ProofOptions, ProofRun } from "./proof-run.ts";
import { gridSampleGraphs } from "./sampling-graphs.ts";

/**
 * Answers are small whole numbers, exact in half precision too; GPUs' exp and log have a few bits less than they could.
 */
const tolerances: Readonly<Record<BackendReport["precision"], number>> = { float32: 1e-4, float16: 5e-3 };

/**
 * Makes a backend run every operator of the networks on numbers whose answers are known.
 *
 * It is quick, and it says which operator is wrong; whole networks are proved by `prove` of `@bunraku/animate/proof`.
 *
 * @returns One check for each graph, in order; nothing is recorded. What failed has `pass: false`, also where the backend
 * threw or did not answer.
 * @throws `signal.reason`
 */
export async function proveOperators(backend: Backend, options: ProofOptions = {}): Promise<Check[]> {
  return proveGraphs(backend, operatorGraphs(), options);
}

/** All operators of the networks, GridSample with them. */
export function operatorGraphs(): KnownGraph[] {
  return [...knownGraphs(), ...gridSampleGraphs()];
}

/** Makes a backend run graphs whose answers are known; as `proveOperators` in all else. */
export async function proveGraphs(
  backend: Backend,
  graphs: readonly KnownGraph[],
  options: ProofOptions = {},
): Promise<Check[]> {
  const run = new ProofRun(backend, graphs.length, options);
  const tolerance = tolerances[backend.report?.precision ?? "float32"];
  for (const graph of graphs)
    await run.check({ name: graph.name, kind: "operator", tolerance }, async () => ({
      maxAbsError: await errorOf(backend, graph),
      tolerance,
    }));
  return run.checks;
}

/** Runs a graph once. */
async function errorOf(backend: Backend, { model, feed, answer }: KnownGraph): Promise<number> {
  await using session = await backend.load(model);
  using y = (await session.run({ x: feed })).y as Tensor<"float32">;
  return compareTensors(tensor("float32", await y.read(), y.dims), answer).maxAbsError;
}
