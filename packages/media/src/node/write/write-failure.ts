import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BunrakuError } from "@bunraku/backends";
import { firstLine } from "../optional-packages.ts";

const NO_ROOM: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the disk takes no file as large as this",
};

/** Whether an error says that there is no room for what is written. */
export function isNoRoom(error: unknown): boolean {
  return Object.hasOwn(NO_ROOM, codeOf(error));
}

/** Whether an error is the system's, rather than an encoder's. */
export function isSystemError(error: unknown): boolean {
  return /^E[A-Z0-9]+$/.test(codeOf(error)) && error instanceof Error;
}

/**
 * The error for a result that the system does not let us write: what is wrong with the disk, how far the result came, and
 * what to do.
 *
 * Ask before the part is removed: its size is what says how far.
 */
export async function writeFailure(
  { path, part }: { readonly path: string; readonly part: string },
  error: unknown,
): Promise<BunrakuError> {
  const code = codeOf(error);
  if (!isNoRoom(error)) {
    return new BunrakuError("FILE", `${path}: could not be written (${firstLine(error)}).`, { cause: error });
  }
  const bytes = await sizeOf(part).catch(() => 0);
  const amount = bytes === 0 ? "" : ` after ${amountOf(bytes)} of the result, none of which was kept`;
  return new BunrakuError(
    "FILE",
    `${path}: ${NO_ROOM[code]} (${code})${amount}. Free some space, or choose a place on another disk.`,
    { cause: error },
  );
}

function amountOf(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Bytes of a file, or of the files in a folder. */
async function sizeOf(path: string): Promise<number> {
  const stats = await stat(path);
  if (!stats.isDirectory()) return stats.size;
  const sizes = (await readdir(path)).map(async (name) => (await stat(join(path, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? "";
}
