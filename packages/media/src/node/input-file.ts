import { open, stat } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";
import { describeKind, type FileKind, sniff } from "./file-kind.ts";

/** A file that exists and can be read, with its first bytes. */
export interface InputFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly head: Uint8Array;
  readonly kind: FileKind;
  /** "a text file of 54 bytes", for messages. */
  readonly description: string;
}

const HEAD_BYTES = 4096;

/**
 * Opens `path`, reads its head and closes it again.
 *
 * @param wanted "a picture", "a video": how messages name what was expected.
 * @returns The file, or `"folder"` when `path` is one.
 * @throws `FILE` when it is missing, unreadable or neither a file nor a folder.
 */
export async function inspect(path: string, wanted: string): Promise<InputFile | "folder"> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(path, wanted, error);
  });
  if (stats.isDirectory()) return "folder";
  // A pipe or device would block or never end.
  if (!stats.isFile()) throw new BunrakuError("FILE", `${path}: expected ${wanted}, got something that is not a file.`);
  try {
    const handle = await open(path, "r");
    try {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const head = buffer.subarray(0, bytesRead);
      const kind = sniff(head);
      return { path, size: stats.size, head, kind, description: describeKind(kind, stats.size) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(path, wanted, error);
  }
}

function unreadable(path: string, wanted: string, error: unknown): BunrakuError {
  const code = (error as NodeJS.ErrnoException).code;
  const got =
    code === "ENOENT" || code === "ENOTDIR"
      ? "found nothing there. Check the path."
      : code === "EACCES" || code === "EPERM"
        ? "may not read it. Check its permissions."
        : `could not read it (${code ?? String(error)}).`;
  return new BunrakuError("FILE", `${path}: expected ${wanted}, ${got}`, { cause: error });
}
