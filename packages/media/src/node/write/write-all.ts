import type { FileHandle } from "node:fs/promises";

/**
 * Writes all bytes at a place of a file.
 *
 * `FileHandle.write()` may write a part of them and call that a success: so does a disk that is about to be full. Only
 * the next write, of the rest, is told why.
 *
 * @throws what the system says when they do not fit
 */
export async function writeAll(file: Pick<FileHandle, "write">, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    // Not a word and not a byte: without an error of our own this would go on for ever.
    if (bytesWritten === 0) throw Object.assign(new Error("ENOSPC: the file takes no more bytes"), { code: "ENOSPC" });
    at += bytesWritten;
  }
}
