import { type ByteSource, bytesSource } from "../source/byte-source.ts";

/** A source that notes what is read. */
export function countingSource(
  bytes: Uint8Array,
  name = "counted",
): ByteSource & { reads: { offset: number; length: number }[] } {
  const source = bytesSource(bytes, name);
  const reads: { offset: number; length: number }[] = [];
  return {
    ...source,
    reads,
    read(offset, length) {
      reads.push({ offset, length });
      return source.read(offset, length);
    },
  };
}
