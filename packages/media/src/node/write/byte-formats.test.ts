import { describe, expect, test } from "vitest";
import { ByteQueue } from "./byte-queue.ts";
import { flvParts } from "./flv-parts.ts";
import { ivfParts } from "./ivf-parts.ts";
import { padToEven } from "./pad-to-even.ts";
import type { EncodedPart } from "./picture-encoder.ts";

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(parts: AsyncIterable<EncodedPart>) {
  const list: EncodedPart[] = [];
  for await (const part of parts) list.push(part);
  return list;
}

test("a byte queue gives what is asked for, however the stream is cut", async () => {
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => i);
  for (const size of [1, 3, 10]) {
    const queue = new ByteQueue(inPieces(bytes, size));
    expect([...(await queue.read(4))!]).toEqual([0, 1, 2, 3]);
    expect([...(await queue.read(6))!]).toEqual([4, 5, 6, 7, 8, 9]);
    expect(await queue.read(1)).toBeUndefined();
  }
});

describe("IVF", () => {
  test("pictures come with their place and whether they are key", async () => {
    const head = new Uint8Array(32);
    const frame = (index: number, data: number[]) => {
      const bytes = new Uint8Array(12 + data.length);
      new DataView(bytes.buffer).setUint32(0, data.length, true);
      new DataView(bytes.buffer).setBigUint64(4, BigInt(index), true);
      bytes.set(data, 12);
      return bytes;
    };
    // 0x82: marker 10, profile 0, not shown again, key, shown; 0x86: the same, not key.
    const bytes = Buffer.concat([head, frame(0, [0x82, 1]), frame(1, [0x86, 2, 3])]);
    expect(await all(ivfParts(inPieces(bytes, 5)))).toEqual([
      { data: Uint8Array.of(0x82, 1), key: true, index: 0 },
      { data: Uint8Array.of(0x86, 2, 3), key: false, index: 1 },
    ]);
  });
});

describe("FLV", () => {
  test("pictures come as Annex B in decoding order, with their place in display order", async () => {
    const tag = (time: number, body: number[]) =>
      Uint8Array.of(0, 0, 0, 0, 9, 0, 0, body.length, 0, time >> 8, time & 255, 0, 0, 0, 0, ...body);
    const header = Uint8Array.of(0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9);
    // One SPS [0x67, 1] and one PPS [0x68, 2].
    const config = tag(0, [0x17, 0, 0, 0, 0, 1, 100, 0, 10, 255, 0xe1, 0, 2, 0x67, 1, 1, 0, 2, 0x68, 2]);
    const key = tag(0, [0x17, 1, 0, 0, 80, 0, 0, 0, 2, 0x65, 9]);
    const later = tag(40, [0x27, 1, 0, 0, 120, 0, 0, 0, 1, 0x41]);
    const between = tag(80, [0x27, 1, 0, 0, 40, 0, 0, 0, 1, 0x01]);
    const bytes = Buffer.concat([header, config, key, later, between]);
    expect(await all(flvParts(inPieces(bytes, 7), 25))).toEqual([
      { data: Uint8Array.of(0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0, 0, 1, 0x65, 9), key: true, index: 0 },
      { data: Uint8Array.of(0, 0, 0, 1, 0x41), key: false, index: 2 },
      { data: Uint8Array.of(0, 0, 0, 1, 0x01), key: false, index: 1 },
    ]);
  });
});

test("odd sizes repeat the last column and row; even ones are not copied", () => {
  const rgba = Uint8ClampedArray.from({ length: 3 * 1 * 4 }, (_, i) => i >> 2);
  expect([...padToEven(rgba, 3, 1)].filter((_, i) => i % 4 === 0)).toEqual([0, 1, 2, 2, 0, 1, 2, 2]);
  const even = new Uint8ClampedArray(2 * 2 * 4);
  expect(padToEven(even, 2, 2).buffer).toBe(even.buffer);
});
