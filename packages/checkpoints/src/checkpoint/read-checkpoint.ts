import type { BunrakuError } from "@bunraku/backends";
import { openLegacy } from "../legacy/open-legacy.ts";
import { modelError, quoted } from "../model-error.ts";
import { describe } from "../pickle/values.ts";
import type { ByteSource } from "../source/byte-source.ts";
import type { StateDict } from "../tensors/tensor-entry.ts";
import { openZip } from "../zip/open-zip.ts";
import { containerOf } from "./look-alikes.ts";
import { findModules, findScalars } from "./modules.ts";
import { requireRoom, stateDict } from "./state-dict.ts";

/** What is in a file that torch.save wrote. Listing it reads no tensor data. */
export interface Checkpoint {
  /** "legacy" before torch 1.6, "zip" since. */
  readonly container: "zip" | "legacy";
  /** Names of all top-level values, in file order. */
  readonly topLevel: readonly string[];
  /** Top-level numbers, strings and booleans: `epoch`, `it`. */
  readonly scalars: ReadonlyMap<string, number | string | boolean>;
  /** State dictionaries by name, in file order; one without a name, saved alone, is "". Optimizers are not among them. */
  readonly modules: ReadonlyMap<string, StateDict>;
}

export interface ReadCheckpointOptions {
  /** Which modules to list; each must be there. @default all */
  readonly modules?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Reads what a `.pth` or `.pth.tar` holds, without running anything from it.
 *
 * Borrows `source`, also afterwards: its entries read from it when they are loaded.
 *
 * @throws `MODEL` when the file is damaged, holds anything but weights or lacks a module; `UNSUPPORTED`; `FILE`;
 * `signal.reason`
 * @example
 * await using file = await openFile("vox-256.pth.tar");
 * const { modules } = await readCheckpoint(file);
 * const weights = await loadWeights(modules.get("generator")!);
 */
export async function readCheckpoint(
  source: ByteSource,
  { modules: wanted, signal }: ReadCheckpointOptions = {},
): Promise<Checkpoint> {
  signal?.throwIfAborted();
  const container = await containerOf(source);
  const archive = await (container === "zip" ? openZip : openLegacy)(source, signal);
  const { root } = archive;
  if (!(root instanceof Map)) {
    throw modelError(source.name, `wanted a dictionary of state dictionaries, got ${describe(root)}.`);
  }
  const found = findModules(root, source.name);
  if (found.size === 0) throw modelError(source.name, "wanted a dictionary with tensors in it, got one without.");
  const modules = new Map<string, StateDict>();
  for (const name of wanted ?? found.keys()) {
    const refs = found.get(name);
    if (!refs) throw missing(source.name, name, [...found.keys()]);
    modules.set(name, stateDict(source, archive, refs));
  }
  requireRoom(source, modules.values());
  return {
    container,
    topLevel: [...root.keys()].map((key) => (typeof key === "string" ? key : describe(key))),
    scalars: findScalars(root),
    modules,
  };
}

function missing(file: string, name: string, found: readonly string[]): BunrakuError {
  const names = found.slice(0, 12).map(quoted).join(", ");
  return modelError(file, `wanted module ${quoted(name)}, got ${names}. It may be a checkpoint of another system.`);
}
