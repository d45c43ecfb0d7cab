import { ByteQueue } from "./byte-queue.ts";
import type { EncodedPart } from "./picture-encoder.ts";

const VIDEO_TAG = 9;
const AVC = 7;
const START_CODE = Uint8Array.of(0, 0, 0, 1);

/**
 * Reads H.264 pictures out of an FLV stream, as Annex B with the parameter sets before every key picture.
 *
 * @param frameRate Pictures per second of the stream; must divide 1000, as FLV counts milliseconds.
 */
export async function* flvParts(stream: AsyncIterable<Uint8Array>, frameRate: number): AsyncGenerator<EncodedPart> {
  const queue = new ByteQueue(stream);
  // Header of 9 bytes, then a tag size of 4 that stands before each tag.
  if (!(await queue.read(9))) return;
  let parameterSets: Uint8Array[] = [];
  let first: number | undefined;
  for (;;) {
    const head = await queue.read(4 + 11);
    if (!head) return;
    const body = await queue.read((head[5]! << 16) | (head[6]! << 8) | head[7]!);
    if (!body) return;
    if (head[4] !== VIDEO_TAG || (body[0]! & 15) !== AVC) continue;
    const time = (head[11]! << 24) | (head[8]! << 16) | (head[9]! << 8) | head[10]! | 0;
    // Signed, 24 bits: how much later than decoded the picture is shown.
    const shift = (((body[2]! << 16) | (body[3]! << 8) | body[4]!) << 8) >> 8;
    const content = body.subarray(5);
    if (body[1] === 0) parameterSets = parameterSetsOf(content);
    else if (body[1] === 1) {
      const key = body[0]! >> 4 === 1;
      const units = unitsOf(content);
      const index = Math.round(((time + shift) * frameRate) / 1000);
      // The muxer may shift all times to keep them positive; the first part is always the first picture.
      first ??= index;
      yield { data: annexB(key ? [...parameterSets, ...units] : units), key, index: index - first };
    }
  }
}

/** SPS and PPS of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15). */
function parameterSetsOf(record: Uint8Array): Uint8Array[] {
  const sets: Uint8Array[] = [];
  let at = 5;
  for (const mask of [31, 255]) {
    let count = record[at++]! & mask;
    for (; count > 0; count--) {
      const length = (record[at]! << 8) | record[at + 1]!;
      sets.push(record.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return sets;
}

/** Units with a length of 4 bytes before each. */
function unitsOf(content: Uint8Array): Uint8Array[] {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const units: Uint8Array[] = [];
  for (let at = 0; at + 4 <= content.length; ) {
    const length = view.getUint32(at);
    units.push(content.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return units;
}

function annexB(units: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(units.flatMap((unit) => [START_CODE, unit])));
}
