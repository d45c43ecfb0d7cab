const text = new TextEncoder();

/**
 * Writes protocol buffers: the few field kinds ONNX needs.
 *
 * Parts are kept by reference and copied once, in `bytes()`: weights of hundreds of megabytes are not copied per level.
 */
export class ProtobufWriter {
  #parts: Uint8Array[] = [];
  #length = 0;

  /** A whole number (also negative: ten bytes, two's complement). */
  varint(field: number, value: number): void {
    this.#tag(field, 0);
    this.#varint(value < 0 ? BigInt.asUintN(64, BigInt(value)) : BigInt(value));
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
    this.#varint(BigInt(value.length));
    this.#push(value);
  }

  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, 2);
    this.#varint(BigInt(inner.#length));
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
    this.#varint(BigInt((field << 3) | wireType));
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    do {
      const low = Number(value & 127n);
      value >>= 7n;
      bytes.push(value > 0n ? low | 128 : low);
    } while (value > 0n);
    this.#push(Uint8Array.from(bytes));
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
}
