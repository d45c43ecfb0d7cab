import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";

/**
 * Refuses what is neither a file nor a folder: opening a pipe can wait for ever, it can be read once, and a device has no end.
 * What is wrong with a folder, reading says.
 *
 * @returns what the system says of it
 * @throws `FILE`
 */
export async function expectFile(path: string): Promise<Stats> {
  const found = await stat(path).catch((cause) => {
    throw unreadable(path, cause);
  });
  if (found.isFile() || found.isDirectory()) return found;
  throw new BunrakuError("FILE", `${path}: expected a file, got a pipe or a device. Save it to a file first.`);
}

/** The error for a file that the system does not let us read. */
export function unreadable(path: string, cause: unknown): BunrakuError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "this is a folder" : message;
  return new BunrakuError("FILE", `${path}: cannot be read: ${why}.`, { cause });
}
