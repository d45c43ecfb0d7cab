import type { PickleBytes } from "./pickle-bytes.ts";
import { describe, type PickleValue } from "./values.ts";

/** Operations: 5000 such keys are as many as a file may have, and at worst cost 12 million comparisons. */
const NUMBER_AS_KEY = 200;

/** Adds items to a list. @throws `MODEL` when `target` is none */
export function append(items: PickleValue[], target: PickleValue, reader: PickleBytes): void {
  if (!Array.isArray(target)) throw reader.error(`wanted a list to append to, got ${describe(target)}.`);
  for (const item of items) target.push(item);
}

/** Sets items of a dictionary: key, value, key, value. @throws `MODEL` when `target` is none */
export function setItems(items: PickleValue[], target: PickleValue, reader: PickleBytes): void {
  if (!(target instanceof Map)) throw reader.error(`wanted a dictionary to set items of, got ${describe(target)}.`);
  if (items.length % 2 !== 0) throw reader.error(`wanted keys and values in pairs, got ${items.length} values.`);
  for (let i = 0; i < items.length; i += 2) target.set(hashable(items[i]!, reader), items[i + 1]!);
}

/** Adds items to a set. @throws `MODEL` when `target` is none */
export function addItems(items: PickleValue[], target: PickleValue, reader: PickleBytes): void {
  if (!(target instanceof Set)) throw reader.error(`wanted a set to add to, got ${describe(target)}.`);
  for (const item of items) target.add(hashable(item, reader));
}

/**
 * A key, as far as a state dictionary needs one.
 *
 * JavaScript engines hash numbers without a seed, so a small file of numbers made to collide would keep the process busy
 * for minutes. Large integers, which are hashed by a part of them, are refused; other numbers cost many operations.
 * Optimizers name some hundred parameters by such numbers.
 *
 * @throws `MODEL`
 */
export function hashable(key: PickleValue, reader: PickleBytes): PickleValue {
  if (typeof key === "bigint") {
    throw reader.error("a dictionary or set has an integer of more than 53 bits as a key, which no checkpoint needs.");
  }
  if (typeof key === "number" && !(Number.isInteger(key) && key >= 0 && key < 65_536)) reader.spend(NUMBER_AS_KEY);
  return key;
}
