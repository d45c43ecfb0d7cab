import { modelError, quoted, shortened } from "../model-error.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const DEEPEST = 32;
const MOST_VALUES = 100_000;

/**
 * What the yaml parser gave, copied as plain JSON: nothing shared, nothing but maps, lists, strings, finite numbers.
 *
 * @throws `MODEL` naming the key
 */
export function toJson(file: string, parsed: unknown): Json {
  let values = 0;
  const copy = (value: unknown, path: string, depth: number): Json => {
    if (++values > MOST_VALUES || depth > DEEPEST) {
      throw modelError(
        file,
        `wanted at most ${MOST_VALUES} values, ${DEEPEST} deep, got more at ${shortened(path, 120) || "the top"}.`,
      );
    }
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}[${index}]`, depth + 1));
    if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      const object: Record<string, Json> = {};
      for (const [key, item] of Object.entries(value)) {
        const at = path ? `${path}.${key}` : key;
        if (key === "__proto__") throw modelError(file, `${quoted(at)} cannot be a key. Remove it.`);
        object[key] = copy(item, at, depth + 1);
      }
      return object;
    }
    throw modelError(file, `${quoted(path)} must be a finite number, a string, a list or a map, got ${String(value)}.`);
  };
  return copy(parsed, "", 0);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value for messages. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return shortened(text, 60);
}
