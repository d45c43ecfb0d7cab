import { constants, rmSync } from "node:fs";
import { access, lstat, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { BunrakuError } from "@bunraku/backends";
import { moveBeside, moveUnlessTaken } from "./move-unless-taken.ts";
import { settle } from "./settle.ts";
import { isNoRoom, writeFailure } from "./write-failure.ts";

/** A place to write that becomes `path` only when all is written. Disposing it is `discard()`. */
export interface Target extends AsyncDisposable {
  readonly path: string;
  /** Where to write meanwhile: a hidden name in the same folder, so that the final rename cannot cross disks. */
  readonly part: string;
  /** Another hidden name beside it, removed with the rest. */
  scratch(ending: string): string;
  /**
   * Moves what was written into place.
   *
   * @throws `OPTION` when something came into being there that may not be replaced: that is kept, and the result beside it
   */
  commit(): Promise<void>;
  /** Removes what is left; does nothing after `commit()`. */
  discard(): Promise<void>;
}

export interface TargetOptions {
  /** Whether something that exists may be replaced. */
  readonly overwrite: boolean;
  /** Whether a folder is written rather than a file. @default false */
  readonly folder?: boolean;
  /** What an earlier result consists of: a folder that holds anything else is not replaced. @default frames */
  readonly files?: readonly string[];
}

// Removed when the process ends by process.exit() in the middle of a write; a kill cannot be helped.
const unfinished = new Set<string>();
let watching = false;
let counter = 0;

/**
 * Checks that `path` can be written, before any work is done for it.
 *
 * @throws `OPTION` when it exists and `overwrite` is false, `FILE` when it never can be written, or is a folder that holds
 * other files than an earlier result.
 */
export async function reserveTarget(path: string, options: TargetOptions): Promise<Target> {
  const { folder = false, overwrite } = options;
  const full = resolve(path);
  await checkFolder(path, dirname(full));
  await checkExisting(path, full, options);

  const ending = folder ? "" : extname(full);
  const stem = join(dirname(full), `.${shortened(basename(full, ending))}.${process.pid}.${counter++}.part`);
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
    if (isNoRoom(error)) throw await writeFailure({ path, part }, error);
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
    [Symbol.asyncDispose]: discard,
    async commit() {
      if (!folder) await settlePart(path, part);
      // A folder is deleted to be replaced: what came into it since the beginning is not ours.
      if (folder && overwrite) await checkExisting(path, full, options);
      let beside: string | undefined;
      try {
        if (!overwrite) {
          if (!(await moveUnlessTaken(part, full, { folder }))) beside = await moveBeside(part, full, { folder });
        } else {
          if (folder) await rm(full, { recursive: true, force: true });
          await rename(part, full);
        }
      } catch (error) {
        if (isNoRoom(error)) throw await writeFailure({ path, part }, error);
        throw new BunrakuError("FILE", `${path}: could not be moved into place (${codeOf(error)}).`, { cause: error });
      }
      unfinished.delete(part);
      parts.delete(part);
      await discard();
      if (beside === undefined) return;
      throw new BunrakuError(
        "OPTION",
        `${path}: exists already, though not when this began. It was kept, and the result is beside it: ${basename(beside)}.`,
      );
    },
  };
}

/** Before a file gets its name, its bytes are on the disk. */
async function settlePart(path: string, part: string): Promise<void> {
  try {
    const file = await open(part, "r+");
    try {
      await settle(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw await writeFailure({ path, part }, error);
  }
}

/** The beginning of a name: a hidden name is longer than its own, which may be as long as file systems take. */
function shortened(name: string): string {
  return [...name].slice(0, 40).join(""); // at most 160 bytes of 255
}

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

async function checkExisting(path: string, full: string, options: TargetOptions): Promise<void> {
  const { overwrite, folder = false, files } = options;
  const entry = await lstat(full).catch((error: unknown) => {
    if (codeOf(error) !== "ENAMETOOLONG") return undefined;
    throw new BunrakuError("FILE", `${path}: the name is too long. Choose a shorter one.`, { cause: error });
  });
  const existing = await stat(full).catch(() => undefined);
  if (!entry) return;
  if (!folder && existing?.isDirectory()) {
    throw new BunrakuError("FILE", `${path}: expected the name of a file, got a folder. Add a file name.`);
  }
  if (folder && existing && !existing.isDirectory()) {
    throw new BunrakuError("FILE", `${path}: expected the name of a folder, got a file.`);
  }
  if (!overwrite) {
    throw new BunrakuError("OPTION", `${path}: exists already. Choose another name, or allow overwriting it (-y).`);
  }
  if (!folder || !existing) return;
  // Replacing a folder deletes it: only one that holds nothing but an earlier result is ours to delete.
  const isOurs = (name: string) => (files ? files.includes(name) : /^frame_\d+\.png$/.test(name));
  const stranger = (await readdir(full)).find((name) => !isOurs(name));
  if (stranger !== undefined) {
    throw new BunrakuError(
      "FILE",
      `${path}: the folder holds other files than ${files ? "an earlier result" : "frames"} (${stranger}), so it is not replaced. Choose another name.`,
    );
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
