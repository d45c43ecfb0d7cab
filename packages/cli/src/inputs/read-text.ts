import { readFile, stat } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";

/** Configurations and manifests are a few kilobytes. */
const largestText = 2 ** 24;

/** The text of a configuration or manifest. @throws `FILE` */
export async function readText(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile() && !found.isDirectory())
      throw new BunrakuError("FILE", `${path}: cannot be read: this is no file.`);
    if (found.size > largestText)
      throw new BunrakuError("FILE", `${path}: wanted at most ${largestText} bytes of text, got ${found.size}.`);
    return await readFile(path, "utf8");
  } catch (cause) {
    throw BunrakuError.is(cause) ? cause : unreadable(path, cause);
  }
}

/** The error for a file that the system does not let us read. */
export function unreadable(path: string, cause: unknown): BunrakuError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "this is a folder" : message;
  return new BunrakuError("FILE", `${path}: cannot be read: ${why}.`, { cause });
}
