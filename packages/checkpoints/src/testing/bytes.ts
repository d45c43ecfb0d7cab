/** Puts bytes one after the other: numbers are one byte each, strings are UTF-8. */
export function bytesOf(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  return joined(parts);
}

/** The same for more parts than a call can have arguments. */
export function joined(parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  const chunks = parts.map((part) =>
    typeof part === "number" ? Uint8Array.of(part) : typeof part === "string" ? new TextEncoder().encode(part) : part,
  );
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** A little-endian unsigned integer of `size` bytes. */
export function unsigned(value: number | bigint, size: 2 | 4 | 8): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes.subarray(0, size);
}
