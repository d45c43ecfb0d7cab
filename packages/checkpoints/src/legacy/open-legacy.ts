import type { Archive } from "../checkpoint/archive.ts";
import { modelError, quoted } from "../model-error.ts";
import { elementBytes } from "../numbers/element-type.ts";
import { unpickleFrom } from "../pickle/unpickle-from.ts";
import { describe, type PickleValue, type StorageRef } from "../pickle/values.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";
import { checkMagic, checkSystem, checkVersion } from "./preamble.ts";

// Every storage begins with its number of elements, an int64.
const COUNT_BYTES = 8;

/**
 * Opens what torch.save wrote before version 1.6: five pickles (magic number, version, machine, object, storage keys)
 * and then the storages, one after the other in the order of the keys.
 *
 * Where each storage lies follows from the sizes in the pickle; none of them is read.
 *
 * @throws `MODEL`, `UNSUPPORTED`, `FILE`, `signal.reason`
 * @see torch 1.13, `serialization.py: _legacy_save`
 */
export async function openLegacy(source: ByteSource, signal?: AbortSignal): Promise<Archive> {
  let position = 0;
  const next = async () => {
    signal?.throwIfAborted();
    const pickle = await unpickleFrom(source, position);
    position += pickle.length;
    return pickle;
  };
  checkMagic(source.name, (await next()).value);
  checkVersion(source.name, (await next()).value);
  checkSystem(source.name, (await next()).value);
  const object = await next();
  const keys = await next();
  const offsets = storageOffsets(source, keys.value, object.storages, position);

  const offsetOf = (storage: StorageRef) => {
    const offset = offsets.get(storage.key);
    if (offset === undefined) {
      throw modelError(source.name, `storage ${quoted(storage.key)} is used by a tensor, and is not in the file.`);
    }
    return offset;
  };
  const checked = new Set<string>();
  return {
    container: "legacy",
    root: object.value,
    check: offsetOf,
    async locate(storage) {
      const offset = offsetOf(storage);
      if (!checked.has(storage.key)) await checkCount(source, storage, offset - COUNT_BYTES);
      checked.add(storage.key);
      return offset;
    },
  };
}

/** Where the elements of each storage begin, in bytes. */
function storageOffsets(
  source: ByteSource,
  keys: PickleValue,
  storages: ReadonlyMap<string, StorageRef>,
  start: number,
): Map<string, number> {
  if (!Array.isArray(keys)) throw modelError(source.name, `wanted a list of storage keys, got ${describe(keys)}.`);
  const offsets = new Map<string, number>();
  let position = start;
  for (const key of keys) {
    const storage = typeof key === "string" || typeof key === "number" ? storages.get(String(key)) : undefined;
    if (!storage) {
      throw modelError(
        source.name,
        `the list of storages has ${typeof key === "string" ? quoted(key) : describe(key)}, which no tensor uses. The file is damaged; get it again.`,
      );
    }
    if (offsets.has(storage.key)) throw modelError(source.name, `storage ${quoted(storage.key)} is listed twice.`);
    offsets.set(storage.key, position + COUNT_BYTES);
    position += COUNT_BYTES + storage.count * elementBytes[storage.type];
    if (position > source.size) throw cutShort(source, position);
  }
  return offsets;
}

function cutShort(source: ByteSource, needed: number): Error {
  return modelError(
    source.name,
    `its tensors need at least ${needed} bytes, and the file has ${source.size}. ` +
      "It is damaged or its download was cut short; get it again.",
  );
}

async function checkCount(source: ByteSource, storage: StorageRef, offset: number): Promise<void> {
  const bytes = await readExactly(source, offset, COUNT_BYTES, `storage ${quoted(storage.key)}`);
  const count = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
  if (count !== BigInt(storage.count)) {
    throw modelError(
      source.name,
      `byte ${offset}: storage ${quoted(storage.key)} should have ${storage.count} elements, got ${count}. The file is damaged; get it again.`,
    );
  }
}
