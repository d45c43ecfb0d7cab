import { BunrakuError } from "../contract/error.ts";
import { type Shape, sizeOf } from "../contract/tensor.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { GraphBuilder, type Value } from "../onnx/graph-builder.ts";
import type { KernelCase } from "./kernel.ts";

/** Dims and elements, to be written by hand. */
export type Numbers = readonly [dims: Shape, elements: readonly number[]];

/**
 * Writes a case of a kernel: a graph with the operation in it, its inputs named as `feeds`, its outputs as `answers`.
 *
 * @param build Adds the operation; returns its outputs by the names of `answers`.
 * @example kernelCase("relu", { x: [[2], [-1, 3]] }, (g, { x }) => ({ y: g.node("Relu", [x], [2]) }), { y: [[2], [0, 3]] });
 */
export function kernelCase<Feed extends string, Answer extends string>(
  name: string,
  feeds: Readonly<Record<Feed, Numbers>>,
  build: (g: GraphBuilder, inputs: Readonly<Record<Feed, Value>>) => Readonly<Record<Answer, Value>>,
  answers: Readonly<Record<NoInfer<Answer>, Numbers>>,
): KernelCase {
  const g = new GraphBuilder(name);
  const entries = Object.entries<Numbers>(feeds);
  const inputs = Object.fromEntries(entries.map(([input, [dims]]) => [input, g.input(input, dims)]));
  for (const [output, value] of Object.entries<Value>(build(g, inputs as Record<Feed, Value>))) g.output(value, output);
  return { name, model: encodeModel(g.build()), feeds: arrays(name, feeds), answers: arrays(name, answers) };
}

function arrays(name: string, numbers: Readonly<Record<string, Numbers>>): KernelCase["feeds"] {
  return Object.fromEntries(
    Object.entries(numbers).map(([key, [dims, elements]]) => {
      if (sizeOf(dims) !== elements.length)
        throw new BunrakuError("SHAPE", `${name}: ${key} has ${elements.length} numbers for [${dims.join(", ")}].`);
      return [key, { dims, data: Float32Array.from(elements) }];
    }),
  );
}
