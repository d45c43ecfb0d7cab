const text = new TextEncoder();

/**
 * Writes protocol buffers: the few field kinds ONNX needs.
 *
 * Parts are kept by reference and copied once, in `bytes()`: weights of hundreds of megabytes are not copied per level.
 */
export class ProtobufWriter {
  /** What is written; small bytes that follow one another are gathered in a list. */
  #parts: (Uint8Array | number[])[] = [];
  #length = 0;

  /** A whole number (also negative: ten bytes, two's complement). */
  varint(field: number, value: number): void {
    this.#tag(field, 0);
    this.#varint(value);
  }

  float(field: number, value: number): void {
    this.#tag(field, 5);
    this.#push(new Uint8Array(Float32Array.of(value).buffer));
  }

  string(field: number, value: string): void {
    this.blob(field, text.encode(value));
  }

  /** Bytes, borrowed until `bytes()`. */
  blob(field: number, value: Uint8Array): void {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#push(value);
  }

  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, 2);
    this.#varint(inner.#length);
    for (const part of inner.#parts) this.#push(part);
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }

  #tag(field: number, wireType: number): void {
    this.#varint((field << 3) | wireType);
  }

  #varint(value: number): void {
    const small = this.#gathering();
    const before = small.length;
    // Negative numbers are those of 64 bits.
    let rest = value < 0 ? BigInt.asUintN(64, BigInt(value)) : undefined;
    for (; rest !== undefined && rest >= 128n; rest >>= 7n) small.push(Number(rest & 127n) | 128);
    let left = rest === undefined ? value : Number(rest);
    for (; left >= 128; left = Math.floor(left / 128)) small.push((left % 128) | 128);
    small.push(left);
    this.#length += small.length - before;
  }

  /** The list at the end, to which bytes can be added. */
  #gathering(): number[] {
    const last = this.#parts.at(-1);
    if (Array.isArray(last)) return last;
    const small: number[] = [];
    this.#parts.push(small);
    return small;
  }

  /** Borrows bytes that are many, and copies few. */
  #push(part: Uint8Array | number[]): void {
    if (part.length > 64) this.#parts.push(part);
    else this.#gathering().push(...part);
    this.#length += part.length;
  }
}
