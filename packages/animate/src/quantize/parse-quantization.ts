import { BunrakuError } from "@bunraku/backends";
import type { ValueRange } from "@bunraku/backends/onnx";
import type { GraphQuantization, Quantization } from "./quantization.ts";

/**
 * Reads what an int8 file says of ranges and layers.
 *
 * @param name For messages: the file's name.
 * @throws `MODEL` naming the key, what was wanted and what came
 */
export function parseQuantization(text: string | undefined, name: string): Quantization {
  const fail = (what: string): never => {
    throw new BunrakuError(
      "MODEL",
      `${name}: ${what} The file is damaged or no int8 variant; quantise the model again.`,
    );
  };
  if (text === undefined) return fail("it says nothing of quantisation.");
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return fail("what it says of quantisation is not JSON.");
  }
  const { version, graphs } = isRecord(read) ? read : {};
  if (version !== 1) fail(`quantisation must be of version 1, got ${JSON.stringify(version) ?? "nothing"}.`);
  if (!isRecord(graphs)) return fail('"graphs" must be an object.');
  return Object.fromEntries(
    Object.entries(graphs).map(([graph, value]) => {
      const { ranges, keep } = isRecord(value) ? value : {};
      if (!isRecord(ranges)) return fail(`"${graph}.ranges" must be an object.`);
      if (!Array.isArray(keep) || !keep.every((layer) => typeof layer === "string"))
        return fail(`"${graph}.keep" must be a list of layers.`);
      for (const [value, range] of Object.entries(ranges))
        if (!isRange(range)) fail(`the range of "${value}" must be two numbers, the lesser first.`);
      return [graph, { ranges, keep } as unknown as GraphQuantization];
    }),
  );
}

function isRange(value: unknown): value is ValueRange {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] <= value[1];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
