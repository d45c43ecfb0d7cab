import type { PickleBytes } from "./pickle-bytes.ts";
import { describe, type PickleValue } from "./values.ts";

/** Adds items to a list. @throws `MODEL` when `target` is none */
export function append(items: PickleValue[], target: PickleValue, reader: PickleBytes): void {
  if (!Array.isArray(target)) throw reader.error(`wanted a list to append to, got ${describe(target)}.`);
  for (const item of items) target.push(item);
}

/** Sets items of a dictionary: key, value, key, value. @throws `MODEL` when `target` is none */
export function setItems(items: PickleValue[], target: PickleValue, reader: PickleBytes): void {
  if (!(target instanceof Map)) throw reader.error(`wanted a dictionary to set items of, got ${describe(target)}.`);
  if (items.length % 2 !== 0) throw reader.error(`wanted keys and values in pairs, got ${items.length} values.`);
  for (let i = 0; i < items.length; i += 2) target.set(items[i]!, items[i + 1]!);
}

/** Adds items to a set. @throws `MODEL` when `target` is none */
export function addItems(items: PickleValue[], target: PickleValue, reader: PickleBytes): void {
  if (!(target instanceof Set)) throw reader.error(`wanted a set to add to, got ${describe(target)}.`);
  for (const item of items) target.add(item);
}
