import { quoted } from "../model-error.ts";
import { storageType } from "./globals.ts";
import type { PickleBytes } from "./pickle-bytes.ts";
import { describe, type PickleValue, StorageRef } from "./values.ts";

/** Whether a value counts something: a whole number from 0 that is exact. */
export function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/**
 * The storage that a persistent id names: `("storage", class, key, location, count[, view])`.
 *
 * `known` holds the storages so far by key; one key means one storage.
 */
export function persistentStorage(id: PickleValue, known: Map<string, StorageRef>, reader: PickleBytes): StorageRef {
  const [word, type, key, , count, view] = Array.isArray(id) ? id : [];
  if (word !== "storage") {
    throw reader.error(
      `wanted a persistent id that starts with "storage", got ${describe(Array.isArray(id) ? word : id)}.`,
    );
  }
  const elementType = storageType(type);
  if (!elementType) throw reader.error(`wanted a storage class such as torch.FloatStorage, got ${describe(type)}.`);
  if (typeof key !== "string" && typeof key !== "number") {
    throw reader.error(`wanted the key of a storage, got ${describe(key)}.`);
  }
  if (!isCount(count)) {
    throw reader.error(`storage ${quoted(String(key))}: wanted a number of elements, got ${describe(count)}.`);
  }
  const before = known.get(String(key));
  if (before && (before.type !== elementType || before.count !== count)) {
    throw reader.error(
      `storage ${quoted(String(key))} is ${count} elements of ${elementType} here and ${before.count} of ${before.type} before.`,
    );
  }
  const whole = before ?? new StorageRef(String(key), elementType, count);
  known.set(whole.key, whole);
  return view === undefined || view === null ? whole : viewOf(whole, view, reader);
}

/** Files from before torch 0.4 can hold `(view key, start, count)`. */
function viewOf(whole: StorageRef, view: PickleValue, reader: PickleBytes): StorageRef {
  const [, start, count] = Array.isArray(view) ? view : [];
  if (!isCount(start) || !isCount(count) || start + count > whole.count) {
    throw reader.error(
      `storage ${quoted(whole.key)}: wanted a view inside its ${whole.count} elements, got ${describe(count)} from ${describe(start)}.`,
    );
  }
  return new StorageRef(whole.key, whole.type, whole.count, { start, count });
}
