import type { LoadOptions } from "../contract/backend.ts";
import type { Check, Form } from "../contract/report.ts";
import { type Tensor, tensor } from "../contract/tensor.ts";
import { decodeModel } from "../onnx/decode-model.ts";
import { firstLine } from "../proof/first-line.ts";
import { compareTensors } from "../testing/compare-tensors.ts";
import type { GpuKernel, KernelCase } from "./kernel.ts";
import type { NativeGraph } from "./native-graph.ts";
import { type Partition, partition } from "./partition.ts";
import { runSteps } from "./run-steps.ts";
import type { Ort } from "./runtime.ts";

/** Which form does what, as far as the backend has proved. */
export interface ChosenForms {
  /** Kernels in use. */
  readonly kernels: readonly GpuKernel[];
  /** Operators and kinds of pieces that only wasm gets right. */
  readonly onWasm: ReadonlySet<string>;
  readonly checks: readonly Check[];
}

/**
 * Proves each kernel, and the runtime's operators that it could stand in for, on the kernel's own cases, and settles which
 * is used: the first that gives the stored answers.
 *
 * A piece is done by its kernel if it can, being many small steps else, and a single operator by the runtime's own.
 */
export async function chooseForms(
  kernels: readonly GpuKernel[],
  load: (parts: Partition) => Promise<NativeGraph>,
  { ort, signal, onProgress }: LoadOptions & { readonly ort: Ort },
): Promise<ChosenForms> {
  const used: GpuKernel[] = [];
  const onWasm = new Set<string>();
  const checks: Check[] = [];
  for (const [at, kernel] of kernels.entries()) {
    const forms = isOperator(kernel) ? (["ort", "wgsl", "wasm"] as const) : (["wgsl", "ort", "wasm"] as const);
    const tried: Check[][] = [];
    for (const form of forms) {
      const proofs: Check[] = [];
      for (const one of kernel.cases()) {
        signal?.throwIfAborted();
        proofs.push(await prove(kernel, form, one, load, ort));
      }
      tried.push(proofs);
      if (!proofs.every(({ pass }) => pass)) continue;
      if (form === "wgsl") used.push(kernel);
      if (form === "wasm") onWasm.add(kernel.op);
      break;
    }
    const last = tried.at(-1)!;
    const taker = last.every(({ pass }) => pass) ? last[0]?.form : undefined;
    for (const check of tried.flat()) checks.push(check.pass || !taker ? check : { ...check, replacedBy: taker });
    onProgress?.({ phase: "warm-up", loaded: at + 1, total: kernels.length });
  }
  return { kernels: used, onWasm, checks };
}

/** ONNX's operators have capitals; kinds of pieces have none. */
function isOperator({ op }: GpuKernel): boolean {
  return op[0] !== op[0]!.toLowerCase();
}

async function prove(
  kernel: GpuKernel,
  form: Form,
  { name, model, feeds, answers, tolerance = 1e-5 }: KernelCase,
  load: (parts: Partition) => Promise<NativeGraph>,
  ort: Ort,
): Promise<Check> {
  const begin = performance.now();
  let maxAbsError = Number.NaN;
  let problem: string | undefined;
  try {
    const graph = decodeModel(model);
    const parts = partition(graph, form === "wgsl" ? [kernel] : [], new Set(form === "wasm" ? [kernel.op] : []));
    await using native = await load(parts);
    const given = Object.entries(feeds).map(([key, { dims, data }]) => [key, tensor("float32", data, dims)] as const);
    const got = await runSteps(native, ort, {
      feeds: Object.fromEntries(given),
      outputs: Object.keys(answers),
      keep: new Set(),
      sources: parts.sources,
    });
    maxAbsError = 0;
    for (const [key, { dims, data }] of Object.entries(answers)) {
      const error = compareTensors(got[key] as Tensor, tensor("float32", data, dims)).maxAbsError;
      if (!(error <= maxAbsError)) maxAbsError = error;
    }
  } catch (error) {
    problem = firstLine(error);
  }
  return {
    name,
    kind: isOperator(kernel) ? "operator" : "piece",
    form,
    pass: maxAbsError <= tolerance,
    maxAbsError,
    tolerance,
    milliseconds: performance.now() - begin,
    ...(problem !== undefined && { problem }),
  };
}
