import { BunrakuError } from "@bunraku/backends";
import type { Archive } from "../checkpoint/archive.ts";
import { modelError, quoted } from "../model-error.ts";
import { elementBytes } from "../numbers/element-type.ts";
import { unpickleFrom } from "../pickle/unpickle-from.ts";
import type { StorageRef } from "../pickle/values.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { entryStart, readEntry, requireStored } from "./entry-data.ts";
import { type ZipEntry, zipEntries } from "./zip-entries.ts";

/**
 * Opens what torch.save writes since version 1.6: a zip of `<name>/data.pkl`, one `<name>/data/<key>` per storage, and
 * maybe `<name>/byteorder` and `<name>/version`.
 *
 * @throws `MODEL`, `UNSUPPORTED`, `FILE`, `signal.reason`
 */
export async function openZip(source: ByteSource, signal?: AbortSignal): Promise<Archive> {
  const entries = await zipEntries(source);
  const root = findRoot(source.name, [...entries.keys()]);
  requireStored(source.name, entries.values());
  await checkNotes(source, entries, root);
  signal?.throwIfAborted();

  const pickle = entries.get(`${root}/data.pkl`)!;
  const start = await entryStart(source, pickle);
  const { value } = await unpickleFrom(source, start, start + pickle.size);

  const entryOf = (storage: StorageRef) => {
    const entry = entries.get(`${root}/data/${storage.key}`);
    if (!entry) {
      throw modelError(source.name, `storage ${quoted(storage.key)} is used by a tensor, and is not in the file.`);
    }
    const bytes = storage.count * elementBytes[storage.type];
    if (entry.size !== bytes) {
      throw modelError(
        source.name,
        `storage ${quoted(storage.key)}: ${storage.count} elements of ${storage.type} are ${bytes} bytes, got ${entry.size}. ` +
          "The file is damaged; get it again.",
      );
    }
    return entry;
  };
  return {
    container: "zip",
    root: value,
    check: entryOf,
    locate: async (storage) => entryStart(source, entryOf(storage)),
  };
}

/** The folder that everything is in. */
function findRoot(name: string, paths: readonly string[]): string {
  if (paths.some((path) => /^[^/]+\/(constants\.pkl|code\/)/.test(path))) {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${name}: this is a TorchScript archive (torch.jit.save): a program, not a state dictionary. ` +
        "Save model.state_dict() with torch.save.",
    );
  }
  const roots = paths.flatMap((path) => /^([^/]+)\/data\.pkl$/.exec(path)?.[1] ?? []);
  if (roots.length === 1) return roots[0]!;
  if (roots.length > 1) throw modelError(name, `wanted one data.pkl in the zip, got ${roots.length}.`);
  const packed = paths.find((path) => /\.(pth|pt|tar|safetensors)$/i.test(path));
  const way = packed
    ? `It holds ${quoted(packed)}: unpack it first.`
    : "It is some other zip, or an incomplete download.";
  throw modelError(name, `wanted a zip that torch.save wrote, got one without a data.pkl. ${way}`);
}

/** What the optional entries say about the format. */
async function checkNotes(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>, root: string): Promise<void> {
  const note = async (key: string) => {
    const entry = entries.get(`${root}/${key}`);
    return entry && new TextDecoder().decode(await readEntry(source, entry, 64)).trim();
  };
  const order = await note("byteorder");
  if (order !== undefined && order !== "little") {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${source.name}: wanted byte order "little", got ${quoted(order)}. Save it again on a little-endian machine.`,
    );
  }
  const version = await note("version");
  if (version !== undefined && !/^[1-9]\d?$/.test(version)) {
    throw modelError(source.name, `wanted a format version from 1 to 99, got ${quoted(version)}.`);
  }
}
