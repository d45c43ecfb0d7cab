import { sizeOf } from "@bunraku/backends";
import { type ElementType, elementBytes, type StateDict } from "@bunraku/checkpoints";
import { parameterCount } from "./parameters.ts";

/** A part of a checkpoint, counted. */
export interface PartSummary {
  readonly name: string;
  readonly tensors: number;
  /** Numbers that training changes; running statistics and fixed kernels are no parameters. */
  readonly parameters: number;
  /** Of all its tensors, as they are in the file. */
  readonly bytes: number;
}

export interface ModuleSummary extends PartSummary {
  readonly types: readonly ElementType[];
  /** By the first part of the tensors' names: `dense_motion_network`, `bottleneck`, … */
  readonly parts: readonly PartSummary[];
}

/** Counts a module and its parts, in file order. */
export function summarizeModule(name: string, entries: StateDict): ModuleSummary {
  const parts = new Map<string, StateDict[number][]>();
  for (const entry of entries) {
    const part = entry.name.split(".", 1)[0]!;
    const list = parts.get(part);
    if (list) list.push(entry);
    else parts.set(part, [entry]);
  }
  return {
    ...summarize(name, entries),
    types: [...new Set(entries.map(({ dtype }) => dtype))],
    parts: [...parts].map(([part, list]) => summarize(part, list)),
  };
}

function summarize(name: string, entries: StateDict): PartSummary {
  return { name, tensors: entries.length, parameters: parameterCount(entries), bytes: bytesOf(entries) };
}

/** Bytes of tensors as they are in the file. */
export function bytesOf(entries: StateDict): number {
  return entries.reduce((sum, { dims, dtype }) => sum + sizeOf(dims) * elementBytes[dtype], 0);
}
