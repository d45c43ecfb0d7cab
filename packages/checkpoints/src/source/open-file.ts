import { open } from "node:fs/promises";
import { basename } from "node:path";
import { BunrakuError } from "@bunraku/backends";
import type { ByteSource } from "./byte-source.ts";

// One read call takes at most 2 GiB.
const LARGEST_READ = 2 ** 30;

/**
 * Opens a file for reading in parts. The caller owns it: `await using file = await openFile(path)`.
 *
 * @throws `FILE` when it is missing, a folder, not readable or empty; `DISPOSED` when read after disposal
 */
export async function openFile(path: string): Promise<ByteSource & AsyncDisposable> {
  const handle = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw new BunrakuError("FILE", `${path}: ${whyNotOpened(cause.code)}`, { cause });
  });
  try {
    const status = await handle.stat();
    if (status.isDirectory()) {
      throw new BunrakuError("FILE", `${path}: wanted a file, got a folder. Give the path of the file in it.`);
    }
    if (!status.isFile()) throw new BunrakuError("FILE", `${path}: wanted a file, got a device or pipe.`);
    if (status.size === 0) {
      throw new BunrakuError(
        "FILE",
        `${path}: the file is empty (0 bytes). Its download may have failed; get it again.`,
      );
    }
    let closed = false;
    return {
      name: basename(path),
      size: status.size,
      async read(offset, length) {
        if (closed) throw new BunrakuError("DISPOSED", `${path}: read after the file was closed.`);
        const bytes = new Uint8Array(Math.max(0, Math.min(length, status.size - offset)));
        let filled = 0;
        while (filled < bytes.length) {
          const wanted = Math.min(LARGEST_READ, bytes.length - filled);
          const { bytesRead } = await handle.read(bytes, filled, wanted, offset + filled);
          if (bytesRead === 0) return bytes.subarray(0, filled);
          filled += bytesRead;
        }
        return bytes;
      },
      async [Symbol.asyncDispose]() {
        if (closed) return;
        closed = true;
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function whyNotOpened(code: string | undefined): string {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file. Check the path.";
    case "EACCES":
    case "EPERM":
      return "the file cannot be read: permission denied. Change its permissions or copy it.";
    case "EISDIR":
      return "wanted a file, got a folder. Give the path of the file in it.";
    default:
      return `the file cannot be opened (${code ?? "no reason given"}).`;
  }
}
