import type { Shape } from "../contract/tensor.ts";
import { decodeModel } from "../onnx/decode-model.ts";
import type { Graph } from "../onnx/graph.ts";
import type { Device } from "../webgpu/gpu-types.ts";
import type { GpuKernel, KernelCase } from "../webgpu/kernel.ts";
import { type KernelValue, runKernel } from "../webgpu/run-kernel.ts";

/**
 * Runs a kernel on one of its cases, alone: the operation must read inputs and constants of the graph only.
 *
 * @returns By the names of the graph's outputs; dims as the graph says.
 * @throws `UNSUPPORTED` when the kernel does not do its own case
 */
export async function runKernelCase(
  device: Device,
  kernel: GpuKernel,
  { model, feeds }: KernelCase,
): Promise<Record<string, KernelValue>> {
  const graph = decodeModel(model);
  const { inputs, outputs, attributes } = operationOf(graph, kernel.op);
  const dims = new Map((graph.values ?? []).map((value) => [value.name, value.dims as Shape]));
  const given = inputs.map((name) => {
    const constant = graph.initializers.find((initializer) => initializer.name === name);
    if (!constant) return feeds[name];
    const { data } = constant;
    return { dims: constant.dims, constant: data, ...(data instanceof Float32Array && { data }) };
  });
  const shapes = outputs.map((name) => dims.get(name)!);
  const values = await runKernel(device, kernel, given, shapes, attributes);
  // What a graph calls an output, an Identity gives.
  const nameOf = (inner: string) => graph.nodes.find(({ op, inputs }) => op === "Identity" && inputs[0] === inner);
  return Object.fromEntries(
    outputs.map((name, i) => [nameOf(name)!.outputs[0]!, { dims: shapes[i]!, data: values[i]! }]),
  );
}

function operationOf(graph: Graph, op: string): Pick<Graph["nodes"][number], "inputs" | "outputs" | "attributes"> {
  const piece = graph.pieces?.find(({ kind }) => kind === op);
  const node = piece ?? graph.nodes.find((node) => node.op === op);
  if (!node) throw new Error(`case ${graph.name}: there is no ${op} in it.`);
  return node;
}
