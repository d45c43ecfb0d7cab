import { ByteQueue } from "./byte-queue.ts";
import type { EncodedPart } from "./picture-encoder.ts";

/** Reads VP9 pictures out of an IVF stream, whose times count pictures. */
export async function* ivfParts(stream: AsyncIterable<Uint8Array>): AsyncGenerator<EncodedPart> {
  const queue = new ByteQueue(stream);
  if (!(await queue.read(32))) return;
  for (;;) {
    const head = await queue.read(12);
    if (!head) return;
    const view = new DataView(head.buffer, head.byteOffset);
    const data = await queue.read(view.getUint32(0, true));
    if (!data) return;
    yield { data: data.slice(), key: isKeyFrame(data), index: Number(view.getBigUint64(4, true)) };
  }
}

/** VP9 uncompressed header, profile 0: two marker bits 10, profile 00, show_existing_frame 0, frame_type 0. */
function isKeyFrame(data: Uint8Array): boolean {
  const first = data[0] ?? 0;
  return first >> 6 === 2 && (first & 0b1100) === 0;
}
