import { constants, rmSync } from "node:fs";
import { access, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { BunrakuError } from "@bunraku/backends";

/** A place to write that becomes `path` only when all is written. */
export interface Target {
  readonly path: string;
  /** Where to write meanwhile: a hidden name in the same folder, so that the final rename cannot cross disks. */
  readonly part: string;
  /** Another hidden name beside it, removed with the rest. */
  scratch(ending: string): string;
  /** Moves what was written into place. */
  commit(): Promise<void>;
  /** Removes what is left; does nothing after `commit()`. */
  discard(): Promise<void>;
}

// Removed when the process ends by process.exit() in the middle of a write; a kill cannot be helped.
const unfinished = new Set<string>();
let watching = false;

/**
 * Checks that `path` can be written, before any work is done for it.
 *
 * @param options.folder Whether a folder of frames is written rather than a file.
 * @throws `OPTION` when it exists and `overwrite` is false, `FILE` when it never can be written.
 */
export async function reserveTarget(path: string, options: { overwrite: boolean; folder?: boolean }): Promise<Target> {
  const { overwrite, folder = false } = options;
  const full = resolve(path);
  await checkFolder(path, dirname(full));
  await checkExisting(path, full, overwrite, folder);

  const ending = folder ? "" : extname(full);
  const stem = join(dirname(full), `.${basename(full, ending)}.${process.pid}.${counter++}.part`);
  const parts = new Set<string>();
  const claim = (name: string) => {
    parts.add(name);
    unfinished.add(name);
    if (!watching) {
      watching = true;
      process.once("exit", () => {
        for (const left of unfinished) rmSync(left, { recursive: true, force: true });
      });
    }
    return name;
  };
  const part = claim(`${stem}${ending}`);
  try {
    // Permissions do not tell everything (read-only disks, quotas, odd file systems): only writing does.
    await (folder ? mkdir(part) : writeFile(part, "", { flag: "wx" }));
  } catch (error) {
    unfinished.delete(part);
    throw new BunrakuError("FILE", `${path}: the folder ${dirname(full)} cannot be written (${codeOf(error)}).`, {
      cause: error,
    });
  }
  const discard = async () => {
    for (const name of parts) {
      await rm(name, { recursive: true, force: true });
      unfinished.delete(name);
    }
    parts.clear();
  };
  return {
    path,
    part,
    scratch: (other) => claim(`${stem}${other}`),
    discard,
    async commit() {
      try {
        if (folder && overwrite) await rm(full, { recursive: true, force: true });
        await rename(part, full);
      } catch (error) {
        throw new BunrakuError("FILE", `${path}: could not be moved into place (${codeOf(error)}).`, { cause: error });
      }
      unfinished.delete(part);
      parts.delete(part);
      await discard();
    },
  };
}

let counter = 0;

async function checkFolder(path: string, parent: string): Promise<void> {
  const stats = await stat(parent).catch(() => undefined);
  if (!stats) throw new BunrakuError("FILE", `${path}: the folder ${parent} does not exist. Create it first.`);
  if (!stats.isDirectory()) throw new BunrakuError("FILE", `${path}: ${parent} is not a folder.`);
  await access(parent, constants.W_OK).catch((error: unknown) => {
    throw new BunrakuError("FILE", `${path}: the folder ${parent} may not be written (${codeOf(error)}).`, {
      cause: error,
    });
  });
}

async function checkExisting(path: string, full: string, overwrite: boolean, folder: boolean): Promise<void> {
  const existing = await stat(full).catch(() => undefined);
  if (!existing) return;
  if (!folder && existing.isDirectory()) {
    throw new BunrakuError("FILE", `${path}: expected the name of a file, got a folder. Add a file name.`);
  }
  if (folder && !existing.isDirectory()) {
    throw new BunrakuError("FILE", `${path}: expected the name of a folder, got a file.`);
  }
  if (!overwrite) {
    throw new BunrakuError("OPTION", `${path}: exists already. Choose another name, or allow overwriting it (-y).`);
  }
  if (!folder) return;
  // Replacing a folder deletes it: only one that holds nothing but frames is ours to delete.
  const strangers = (await readdir(full)).filter((name) => !/^frame_\d+\.png$/.test(name));
  if (strangers.length > 0) {
    throw new BunrakuError(
      "FILE",
      `${path}: the folder holds other files than frames (${strangers[0]}), so it is not replaced. Choose another name.`,
    );
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
