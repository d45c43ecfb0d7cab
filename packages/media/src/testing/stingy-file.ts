import type { FileHandle } from "node:fs/promises";

/** A file in memory that moves a few bytes at a time, as files may, and has room for so many. */
export function stingyFile(options: { atOnce: number; room?: number; holds?: Uint8Array }) {
  const { atOnce, room = Number.POSITIVE_INFINITY } = options;
  let bytes = options.holds ?? new Uint8Array(0);
  const file = {
    get bytes() {
      return bytes;
    },
    calls: 0,
    async write(from: Uint8Array, at: number, length: number, position: number) {
      file.calls++;
      const count = Math.min(length, atOnce, room - position);
      if (count <= 0) {
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
      }
      if (position + count > bytes.length) {
        const longer = new Uint8Array(position + count);
        longer.set(bytes);
        bytes = longer;
      }
      bytes.set(from.subarray(at, at + count), position);
      return { bytesWritten: count, buffer: from };
    },
    async read(into: Uint8Array, at: number, length: number, position: number) {
      const count = Math.max(0, Math.min(length, atOnce, bytes.length - position));
      into.set(bytes.subarray(position, position + count), at);
      return { bytesRead: count, buffer: into };
    },
    async stat() {
      return { size: bytes.length };
    },
  };
  // The overloads of FileHandle are more than any user of this calls.
  return file as typeof file & Pick<FileHandle, "read" | "write" | "stat">;
}
