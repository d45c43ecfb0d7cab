import { BunrakuError, type LoadOptions } from "@bunraku/backends";

/** Where a file is: a URL, or a path in Node. */
export type Location = string | URL;

/** The place of `name` in the folder `location`. */
export function inside(location: Location, name: string): Location {
  if (location instanceof URL) return new URL(name, location.href.endsWith("/") ? location : `${location.href}/`);
  return `${location.replace(/\/$/, "")}/${name}`;
}

/**
 * Reads a file over the network or, in Node, from disk.
 *
 * @param limit the most bytes to take
 * @throws `FILE` with what failed and where; `signal.reason`
 */
export async function fetchBytes(
  location: Location,
  limit: number,
  { signal, onProgress }: LoadOptions = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const text = location.toString();
  if (!/^(https?|blob|data):/.test(text)) return readFromDisk(location, limit, signal);
  let response: Response;
  try {
    response = await fetch(text, signal ? { signal } : {});
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new BunrakuError(
      "FILE",
      `${text}: the download failed: ${(cause as Error).message}. Check the address and the connection.`,
      { cause },
    );
  }
  if (!response.ok)
    throw new BunrakuError(
      "FILE",
      `${text}: the server answered ${response.status} ${response.statusText}. Check the address.`,
    );
  const total = Number(response.headers.get("content-length")) || undefined;
  const parts: Uint8Array[] = [];
  let loaded = 0;
  // A reader, not `for await`: streams of some current browsers cannot be iterated.
  const reader = response.body?.getReader();
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      parts.push(next.value);
      loaded += next.value.length;
      if (loaded > limit)
        throw new BunrakuError(
          "FILE",
          `${text}: larger than the ${limit} bytes that were announced. The download was stopped.`,
        );
      onProgress?.({ phase: "download", loaded, ...(total && { total }) });
    }
  } catch (cause) {
    reader?.cancel().catch(() => undefined); // nobody wants the rest
    if (signal?.aborted) throw signal.reason;
    if (BunrakuError.is(cause)) throw cause;
    throw new BunrakuError(
      "FILE",
      `${text}: the download broke off after ${loaded} bytes: ${(cause as Error).message}. Try again.`,
      { cause },
    );
  }
  const bytes = new Uint8Array(loaded);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

async function readFromDisk(location: Location, limit: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  // Not an import: bundlers for browsers would stumble over it.
  const fs = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  if (!fs) throw new BunrakuError("FILE", `${location}: files on disk can be read in Node only. Pass an http URL.`);
  try {
    const path = typeof location === "string" && location.startsWith("file:") ? new URL(location) : location;
    const { size } = await fs.stat(path);
    if (size > limit) throw new BunrakuError("FILE", `${location}: expected at most ${limit} bytes, got ${size}.`);
    return await fs.readFile(path, signal ? { signal } : {});
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (BunrakuError.is(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "this is a folder" : message;
    throw new BunrakuError("FILE", `${location}: cannot be read: ${why}.`, { cause });
  }
}
