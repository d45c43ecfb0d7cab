import type { Tensor } from "@bunraku/backends";

/** What a stage gives, by field: "points", "flow", … Small ones whole, of large ones samples. */
export type StageNumbers = Readonly<Record<string, readonly number[]>>;

/** The graphs of a model, in the order they are proved. */
export const stages = ["detector", "source", "frame"] as const;
export type Stage = (typeof stages)[number];

/** What a model gives, by stage. */
export type ModelNumbers = Readonly<Record<Stage, StageNumbers>>;

const fraction = (Math.sqrt(5) - 1) / 2;

/**
 * Places in an array: spread over all of it, without the rhythm of its rows or channels (multiples of the golden ratio).
 */
export function samplePlaces(length: number, count: number): number[] {
  if (count >= length) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.floor((((i + 1) * fraction) % 1) * length));
}

/** Elements of a tensor at `samplePlaces`. The tensor is borrowed. */
export async function samplesOf(value: Tensor<"float32">, count: number): Promise<number[]> {
  const data = await value.read();
  return samplePlaces(data.length, count).map((at) => data[at]!);
}
