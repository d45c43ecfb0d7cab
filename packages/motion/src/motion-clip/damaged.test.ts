import { BunrakuError } from "@bunraku/backends";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutOf } from "../keypoint-layout/keypoint-layout.ts";
import { keypointsFrom } from "../testing/moving-keypoints.ts";
import { recordedBytes } from "../testing/recorded.ts";
import { crc32 } from "./crc32.ts";
import { createMotionClip, type MotionClip } from "./motion-clip.ts";
import { encodeMotionClip } from "./motion-clip-writer.ts";
import { readMotionClip } from "./read-motion-clip.ts";
import { readMotionFrames } from "./read-motion-frames.ts";

// BUNRAKU_FUZZ=100000 looks longer, BUNRAKU_FUZZ_SEED=7 elsewhere.
const numRuns = Number(process.env.BUNRAKU_FUZZ ?? 2000);
const seed = Number(process.env.BUNRAKU_FUZZ_SEED ?? 20_191_208);

const small = encodeMotionClip(
  createMotionClip(
    { about: "small", initial: 1 },
    [0, 0.5, 1].map((timestamp) => ({
      timestamp,
      keypoints: keypointsFrom({ points: [0, 1, timestamp, 0], covariances: [0.1, 0.2], confidences: [1, 0.5] }),
    })),
  ),
);
const files = [recordedBytes("nod").slice(0), small];

type Change =
  | { kind: "flip" | "set" | "number"; at: number; value: number }
  | { kind: "cut" | "grow" | "copy" | "repeat"; at: number; value: number }
  | { kind: "text"; from: string; to: string };

const near = fc.oneof(fc.nat(400), fc.nat());
const lies = fc.constantFrom(
  ['"keypoints":10', '"keypoints":11'],
  ['"keypoints":2', '"keypoints":65536'],
  ['"keypoints":10', '"keypoints":1e9'],
  ['"keypoints":10', '"keypoints":-1'],
  ['"initial":0', '"initial":9'],
  ['"initial":1', '"initial":3'],
  ['"points":[2]', '"points":[3]'],
  ['"jacobians":[2,2]', '"covariances":[1,1]'],
  ['"jacobians":[2,2]', '"__proto__":[2,2]'],
  ['"confidences":[]', '"confidences":[[]]'],
  ['"formatVersion":1', '"formatVersion":2'],
  ['"formatVersion":1', '"formatVersion":"1"'],
  ["{", "[".repeat(50_000)],
  ["}", ""],
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom("flip" as const), at: near, value: fc.nat(7) }),
  fc.record({ kind: fc.constantFrom("set" as const), at: near, value: fc.constantFrom(0, 0x7f, 0x80, 0xff) }),
  fc.record({
    kind: fc.constantFrom("number" as const),
    at: near,
    value: fc.constantFrom(0, 8, 2 ** 20, 2 ** 31, 2 ** 32 - 1),
  }),
  fc.record({
    kind: fc.constantFrom("cut" as const, "grow" as const, "copy" as const, "repeat" as const),
    at: near,
    value: fc.oneof(fc.nat(64), fc.nat(20_000)),
  }),
  lies.map(([from, to]) => ({ kind: "text" as const, from: from!, to: to! })),
);

function damaged(whole: Uint8Array, changes: readonly Change[], mend: boolean): Uint8Array {
  let bytes = joined(whole);
  for (const change of changes) {
    if (bytes.length === 0) return bytes;
    if (change.kind === "text") {
      bytes = retold(bytes, change.from, change.to);
      continue;
    }
    const at = change.at % bytes.length;
    const { kind, value } = change;
    if (kind === "flip") bytes[at]! ^= 1 << value;
    else if (kind === "set") bytes.fill(value, at, at + 8);
    else if (kind === "number") {
      if (at + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(at, value, true);
    } else if (kind === "copy") bytes.copyWithin(at, value % bytes.length, (value % bytes.length) + 64);
    else {
      const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
      const middle = kind === "grow" ? new Uint8Array(value) : kind === "repeat" ? tail.subarray(0, value) : undefined;
      bytes = joined(head, middle ?? new Uint8Array(0), middle ? tail : tail.subarray(value));
    }
  }
  // Most damage ends at the checksum. What lies behind it must hold, too, against whoever writes a right one.
  if (mend && bytes.length >= 4) {
    new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
  }
  return bytes;
}

/** The header says something else, and its length is right. */
function retold(bytes: Uint8Array<ArrayBuffer>, from: string, to: string): Uint8Array<ArrayBuffer> {
  if (bytes.length < 16) return bytes;
  const length = new DataView(bytes.buffer).getUint32(8, true);
  const text = new TextDecoder("latin1").decode(bytes.subarray(16, 16 + length)).replace(from, () => to);
  const header = Uint8Array.from(text.padEnd(Math.ceil(text.length / 8) * 8), (letter) => letter.charCodeAt(0));
  const out = joined(bytes.subarray(0, 16), header, bytes.subarray(16 + length));
  new DataView(out.buffer).setUint32(8, header.length, true);
  return out;
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** That a clip holds what a clip promises. */
function expectSound({ header, frames }: MotionClip): void {
  expect(frames.length).toBeGreaterThan(header.initial);
  let before = -Infinity;
  for (const { timestamp, keypoints } of frames) {
    if (!(timestamp > before && Number.isFinite(timestamp))) throw new Error(`time ${timestamp} after ${before}`);
    const layout = layoutOf(keypoints, "read"); // finite, confidences in [0, 1]
    expect(layout.keypoints).toBe(header.keypoints);
    before = timestamp;
  }
}

async function streamed(bytes: Uint8Array): Promise<MotionClip> {
  const pieces = [bytes.subarray(0, 7), bytes.subarray(7, 200), bytes.subarray(200)];
  const { header, frames } = await readMotionFrames(pieces);
  const list = [];
  for await (const frame of frames) list.push(frame);
  return { header, frames: list };
}

describe("damaged motion clips", () => {
  test(
    "are read as sound clips or refused, whole and as streams alike, and never anything else",
    async () => {
      const outcomes = { read: 0, refused: 0 };
      const damage = fc.array(change, { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...files), damage, fc.boolean(), async (file, changes, mend) => {
          const bytes = damaged(file, changes, mend);
          const read = async (how: () => MotionClip | Promise<MotionClip>) => {
            try {
              return await how();
            } catch (error) {
              // Anything but a BunrakuError is thrown on, and fails the property.
              if (!BunrakuError.is(error)) throw error;
              expect(["FILE", "UNSUPPORTED"]).toContain(error.code);
              return undefined;
            }
          };
          const [whole, stream] = [await read(() => readMotionClip(bytes)), await read(() => streamed(bytes))];
          expect(!whole).toBe(!stream);
          if (whole) expectSound(whole);
          outcomes[whole ? "read" : "refused"]++;
        }),
        { numRuns, seed },
      );
      // Both ends are reached: unsound files, and changes that a right checksum makes another clip of.
      expect(outcomes.refused).toBeGreaterThan(numRuns / 2);
      expect(outcomes.read).toBeGreaterThan(numRuns / 50);
    },
    60_000 + 30 * numRuns,
  );

  test("cut short anywhere, are refused", () => {
    for (const [file, step] of [
      [small, 1],
      [files[0]!, 61],
    ] as const) {
      for (let length = 0; length < file.length; length += step) {
        expect(() => readMotionClip(file.subarray(0, length))).toThrow(expect.objectContaining({ code: "FILE" }));
      }
    }
  });

  test("with any one bit changed, are refused", () => {
    for (let at = 0; at < small.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = small.slice();
        bytes[at]! ^= 1 << bit;
        expect(() => readMotionClip(bytes)).toThrow(BunrakuError);
      }
    }
  });
});

test("a file of few bytes that claims many is refused before anything is allocated", async () => {
  // 65 536 keypoints with all parts are 2.9 MB a frame; the header is the whole file.
  const header = JSON.stringify({
    formatVersion: 1,
    initial: 0,
    keypoints: 65536,
    parts: { points: [2], jacobians: [2, 2], covariances: [2, 2], confidences: [] },
  });
  const json = new TextEncoder().encode(header.padEnd(Math.ceil(header.length / 8) * 8));
  const prefix = new Uint8Array([0x89, 0x42, 0x4b, 0x4d, 13, 10, 26, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
  new DataView(prefix.buffer).setUint32(8, json.length, true);
  const bytes = joined(prefix, json, new Uint8Array(64));
  expect(() => readMotionClip(bytes)).toThrow("it was cut short");
  await expect(streamed(bytes)).rejects.toThrow("it was cut short");
});
