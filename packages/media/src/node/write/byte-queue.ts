/** Takes a stream apart by asking for so many bytes at a time. */
export class ByteQueue {
  #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; `undefined` when the stream ends before them. */
  async read(count: number): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [this.#held];
    let length = this.#held.length;
    while (length < count) {
      const next = await this.#chunks.next();
      if (next.done) return undefined;
      pieces.push(next.value);
      length += next.value.length;
    }
    const all = pieces.length === 1 ? this.#held : new Uint8Array(Buffer.concat(pieces));
    this.#held = all.subarray(count);
    return all.subarray(0, count);
  }
}
