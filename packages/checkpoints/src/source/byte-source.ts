/**
 * Bytes that can be read anywhere, from wherever they are.
 *
 * Nothing in this package reads a whole file: an official checkpoint is 751 MB, of which 239 MB are weights that matter.
 */
export interface ByteSource {
  /** For messages: a file's name. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Reads `length` bytes from `offset`. The caller owns the result: it is never a view of memory that others use.
   * Callers stay within `size`.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over bytes in memory. The bytes are borrowed; what is read is a copy. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    // Not bytes.slice: that of a Node Buffer is a view.
    read: async (offset, length) => Uint8Array.prototype.slice.call(bytes, offset, offset + length),
  };
}

/** A source over a `Blob` or `File` of the browser, which stays where it is: only what is needed is read. */
export function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}
