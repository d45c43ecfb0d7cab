import type { Values } from "../contract/backend.ts";
import { breathe } from "../contract/breathe.ts";
import { BunrakuError } from "../contract/error.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { type LiveStep, type Plan, stepsFor } from "./plan.ts";

// Long enough that breathing costs little, short enough that a page keeps drawing.
const millisecondsBetweenBreaths = 8;

/**
 * Runs a plan: each step after the other, freeing values after their last use.
 *
 * @param feeds On the CPU; borrowed.
 * @param outputs Names of the wanted outputs.
 * @returns The outputs, in memory of their own.
 * @throws `SHAPE`, `MODEL`, `UNSUPPORTED`: what an operator throws, with its node's name; `signal.reason`.
 */
export async function execute(
  plan: Plan,
  feeds: Values,
  outputs: readonly string[],
  signal?: AbortSignal,
): Promise<Values> {
  const values = new Map<string, Tensor>([...plan.constants, ...Object.entries(feeds)]);
  let breath = performance.now();
  for (const step of stepsFor(plan, outputs)) {
    if (performance.now() - breath > millisecondsBetweenBreaths) {
      await breathe();
      signal?.throwIfAborted();
      breath = performance.now();
    }
    const results = runStep(step, values);
    step.node.outputs.forEach((name, index) => {
      const result = results[index];
      if (name !== "" && result) values.set(name, result);
    });
    for (const name of step.lastUses) values.delete(name);
  }
  return collect(plan, feeds, values, outputs);
}

function runStep({ node, operator }: LiveStep, values: ReadonlyMap<string, Tensor>): Tensor[] {
  try {
    return operator.run(
      node.inputs.map((name) => values.get(name)),
      node.attributes,
      node.outputs.length,
    );
  } catch (cause) {
    if (!BunrakuError.is(cause)) throw cause;
    throw new BunrakuError(cause.code, `node "${node.name}" (${node.op}): ${cause.message}`, { cause });
  }
}

/** Checks the outputs against the graph, and copies those that share memory with something that lives on. */
function collect(plan: Plan, feeds: Values, values: ReadonlyMap<string, Tensor>, outputs: readonly string[]): Values {
  const taken = new Set<ArrayBufferLike>();
  for (const value of [...plan.constants.values(), ...Object.values(feeds)]) taken.add(value.data.buffer);
  const collected = outputs.map((name): [string, Tensor] => {
    const value = values.get(name);
    const declared = plan.graph.outputs.find((output) => output.name === name)!;
    if (value?.type !== declared.type || value.dims.join() !== declared.dims.join()) {
      throw new BunrakuError(
        "MODEL",
        `output "${name}": the graph declares ${declared.type} [${declared.dims.join(", ")}], its nodes yield ${value?.type} [${value?.dims.join(", ")}].`,
      );
    }
    const data = taken.has(value.data.buffer) ? value.data.slice() : value.data;
    taken.add(data.buffer);
    return [name, tensor(value.type, data, value.dims)];
  });
  return Object.fromEntries(collected);
}
