import { BunrakuError } from "@bunraku/backends";
import type { Keypoints } from "@bunraku/keypoints";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutOf } from "../keypoint-layout/keypoint-layout.ts";
import { clips } from "../testing/clips.ts";
import { keypointsFrom } from "../testing/moving-keypoints.ts";
import { recordedBytes } from "../testing/recorded.ts";
import type { MotionClipFields } from "./clip-header.ts";
import { createMotionClip, type MotionClip } from "./motion-clip.ts";
import { encodeMotionClip, motionClipWriter } from "./motion-clip-writer.ts";
import { readMotionClip } from "./read-motion-clip.ts";
import { readMotionFrames } from "./read-motion-frames.ts";

/** All numbers of a clip, bit by bit. */
const bitsOf = ({ header, frames }: MotionClip) => ({
  header: JSON.parse(JSON.stringify(header)),
  frames: frames.map(({ timestamp, keypoints }) => [
    Object.is(timestamp, -0) ? "-0" : timestamp,
    ...Object.entries(keypoints).map(([name, part]) => [
      name,
      part.dims,
      [...new Uint32Array((part.data as Float32Array).slice().buffer)],
    ]),
  ]),
});

async function streamed(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<MotionClip> {
  const { header, frames } = await readMotionFrames(pieces);
  const list = [];
  for await (const frame of frames) list.push(frame);
  return { header, frames: list };
}

/** Bytes in pieces of the given sizes, again and again. */
function* inPieces(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    yield bytes.slice(at, at + sizes[i % sizes.length]!);
    at += sizes[i % sizes.length]!;
  }
}

const still = (count: number, confidences?: number[]): Keypoints =>
  keypointsFrom({ points: Array(2 * count).fill(0.25), ...(confidences && { confidences }) });

test("what is written is read again, bit by bit, with all header fields", () => {
  fc.assert(
    fc.property(clips, (clip) => {
      expect(bitsOf(readMotionClip(encodeMotionClip(clip)))).toEqual(bitsOf(clip));
    }),
  );
});

test("a stream in pieces of any size gives the same", async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 70 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(clips, sizes, async (clip, sizes) => {
      fc.pre(sizes.some((size) => size > 0));
      const bytes = encodeMotionClip(clip);
      expect(bitsOf(await streamed(inPieces(bytes, sizes)))).toEqual(bitsOf(clip));
    }),
  );
});

test("reading and writing gives the same bytes", () => {
  fc.assert(
    fc.property(clips, (clip) => {
      const bytes = encodeMotionClip(clip);
      expect(encodeMotionClip(readMotionClip(bytes))).toEqual(bytes);
    }),
  );
});

test("the layout is that of FORMAT.md", () => {
  const keypoints = keypointsFrom({ points: [0.5, -1], confidences: [0.125] });
  const bytes = encodeMotionClip(createMotionClip({}, [{ timestamp: 2, keypoints }]));
  const json = '{"formatVersion":1,"initial":0,"keypoints":1,"parts":{"points":[2],"confidences":[]}}';
  const view = new DataView(bytes.buffer);
  expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x42, 0x4b, 0x4d, 13, 10, 26, 10]);
  const header = view.getUint32(8, true);
  expect(header).toBe(Math.ceil(json.length / 8) * 8);
  expect(new TextDecoder().decode(bytes.subarray(16, 16 + header))).toBe(json.padEnd(header));
  const record = 16 + header;
  expect(view.getFloat64(record, true)).toBe(2);
  expect([0, 1, 2, 3].map((i) => view.getFloat32(record + 8 + 4 * i, true))).toEqual([0.5, -1, 0.125, 0]);
  const trailer = record + 24; // three floats, and four bytes of nothing
  expect(new TextDecoder("latin1").decode(bytes.subarray(trailer, trailer + 8))).toBe("BKMEND\u00ff\u00ff");
  expect(view.getFloat64(trailer, true)).toBeNaN();
  expect(view.getUint32(trailer + 8, true)).toBe(1);
  expect(bytes.length).toBe(trailer + 16);
});

test("fields of other names nest 64 levels deep and no deeper, where they are written and where they are read", () => {
  const keypoints = keypointsFrom({ points: [0, 0] });
  const nested = (levels: number) => {
    let value: unknown = "deep";
    for (let level = 1; level < levels; level++) value = { a: value }; // the header itself is the first
    return createMotionClip({ own: value }, [{ timestamp: 0, keypoints }]);
  };
  const most = nested(64);
  expect(bitsOf(readMotionClip(encodeMotionClip(most)))).toEqual(bitsOf(most));
  const wanted = "its header must not be nested more than 64 levels deep.";
  expect(() => encodeMotionClip(nested(65))).toThrow(
    expect.objectContaining({ code: "OPTION", message: `motion clip: ${wanted}` }),
  );
  // By hand: the header of a file from elsewhere.
  const bytes = encodeMotionClip(createMotionClip({ own: "x".repeat(20_000) }, [{ timestamp: 0, keypoints }]));
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`.padEnd(20_002);
  // Not a TextDecoder: what it calls latin1 is windows-1252, which is not byte for byte.
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replace(`"${"x".repeat(20_000)}"`, deep);
  const file = Uint8Array.from(Buffer.from(text, "latin1"));
  expect(() => readMotionClip(file, { name: "deep.bkmotion" })).toThrow(
    expect.objectContaining({ code: "FILE", message: `deep.bkmotion: ${wanted}` }),
  );
});

test("a file of no bytes is called that", async () => {
  expect(() => readMotionClip(new Uint8Array(0), { name: "x" })).toThrow(
    "x: wanted a motion clip (.bkmotion), got an empty file.",
  );
  await expect(readMotionFrames([], { name: "x" })).rejects.toThrow("got an empty file.");
});

test("a recorded clip is what its header says", () => {
  const { header, frames } = readMotionClip(recordedBytes("nod"));
  expect(header).toMatchObject({
    keypoints: 10,
    model: { family: "fomm", name: "heads-v0" },
    frameRate: 24,
    initial: 0,
  });
  expect(frames.length).toBe(72);
  expect(frames[24]!.timestamp).toBeCloseTo(1, 6);
  expect(frames[0]!.keypoints.jacobians!.dims).toEqual([10, 2, 2]);
});

describe("a writer", () => {
  test("keeps no frame: each comes as its own bytes", () => {
    const first = still(3);
    const writer = motionClipWriter({ ...layoutOf(first, "first"), about: "live" });
    const pieces = [writer.begin()];
    for (let i = 0; i < 5; i++) pieces.push(writer.frame({ timestamp: i / 10, keypoints: first }));
    pieces.push(writer.end());
    expect(pieces.slice(1, -1).map((piece) => piece.length)).toEqual(Array(5).fill(32));
    const clip = createMotionClip(
      { about: "live" },
      Array.from({ length: 5 }, (_, i) => ({ timestamp: i / 10, keypoints: first })),
    );
    expect(bitsOf(readMotionClip(Buffer.concat(pieces)))).toEqual(bitsOf(clip));
  });

  test("refuses a frame that does not fit, and goes on with the next", () => {
    const writer = motionClipWriter(layoutOf(still(2), "first"));
    const pieces = [writer.begin(), writer.frame({ timestamp: 1, keypoints: still(2) })];
    const refused = (timestamp: number, keypoints: Keypoints, message: string) =>
      expect(() => writer.frame({ timestamp, keypoints })).toThrow(message);
    refused(1, still(2), "motion clip frame 1: expected seconds above the last frame's 1 as timestamp, got 1.");
    refused(2, still(3), "motion clip frame 1: expected 2 keypoints with points [2], got 3 keypoints with points [2].");
    refused(
      2,
      keypointsFrom({ points: [0, 0, 0, Number.NaN] }),
      "the point of keypoint 1 is not a finite number (NaN)",
    );
    pieces.push(writer.frame({ timestamp: 2, keypoints: still(2) }), writer.end());
    expect(readMotionClip(Buffer.concat(pieces)).frames.map((frame) => frame.timestamp)).toEqual([1, 2]);
  });

  test("wants its calls in order", () => {
    const writer = motionClipWriter(layoutOf(still(1), "first"));
    expect(() => writer.frame({ timestamp: 0, keypoints: still(1) })).toThrow(
      "motionClipWriter frame(): begin() comes first.",
    );
    writer.begin();
    expect(() => writer.begin()).toThrow("motionClipWriter begin(): it has begun.");
    expect(() => writer.end()).toThrow("motion clip: there are no frames in it.");
    writer.frame({ timestamp: 0, keypoints: still(1) });
    writer.end();
    expect(() => writer.end()).toThrow("motionClipWriter end(): the clip has ended.");
  });
});

test.each([
  [{ initial: 3 }, 'motion clip: "initial" must be the index of one of its 1 frames, got 3.'],
  [{ initial: -1 }, 'motion clip: "initial" must be the index of a frame, got -1.'],
  [{ about: 7 }, 'motion clip: "about" must be text, got 7.'],
  [{ frameRate: 0 }, 'motion clip: "frameRate" must be a number above 0, got 0.'],
  [{ model: { family: 1 } }, 'motion clip: "model" must be an object with the texts family and, perhaps, name'],
  [{ picture: { width: 0, height: 1 } }, 'motion clip: "picture" must be an object with width and height in pixels'],
] as const)("fields %o are refused", (fields, message) => {
  expect(() =>
    createMotionClip(fields as unknown as MotionClipFields, [{ timestamp: 0, keypoints: still(1) }]),
  ).toThrow(message);
});

test("fields that are no JSON are refused when they are written", () => {
  const clip = createMotionClip({ odd: 1n }, [{ timestamp: 0, keypoints: still(1) }]);
  expect(() => encodeMotionClip(clip)).toThrow("motion clip: its header has a field that cannot be written as JSON.");
  const long = createMotionClip({ about: "x".repeat(2 ** 20) }, [{ timestamp: 0, keypoints: still(1) }]);
  expect(() => encodeMotionClip(long)).toThrow("bytes; 1048576 fit.");
});

test("no frames, confidences above 1, and frames in the wrong order make no clip", () => {
  expect(() => createMotionClip({}, [])).toThrow("motion clip: expected at least one frame, got none.");
  expect(() => createMotionClip({}, [{ timestamp: 0, keypoints: still(1, [1.5]) }])).toThrow(
    "motion clip frame 0 confidences: expected numbers from 0 to 1, got 1.5.",
  );
  const frames = [1, 0].map((timestamp) => ({ timestamp, keypoints: still(1) }));
  expect(() => createMotionClip({}, frames)).toThrow(
    "motion clip frame 1: expected seconds above the last frame's 1 as timestamp, got 0.",
  );
});

describe("a stream", () => {
  test("gives frames before the file is whole, and closes its source when it is left", async () => {
    let [pulled, closed] = [0, false];
    async function* source() {
      try {
        for (const piece of inPieces(recordedBytes("nod"), [100])) {
          pulled++;
          yield piece;
        }
      } finally {
        closed = true;
      }
    }
    const { frames } = await readMotionFrames(source());
    for await (const { keypoints } of frames) {
      expect(keypoints.points.dims).toEqual([10, 2]);
      break;
    }
    expect(pulled).toBeLessThan(12);
    expect(closed).toBe(true);
  });

  test("gives what was recorded before it was cut, then says so", async () => {
    const { frames } = await readMotionFrames([recordedBytes("nod").subarray(0, 6000)]);
    let count = 0;
    const all = (async () => {
      for await (const _ of frames) count++;
    })();
    await expect(all).rejects.toThrow("motion clip: the motion clip has no end; it was cut short. Get it again.");
    expect(count).toBe(22);
  });

  test("closes its source when the header is refused", async () => {
    let closed = false;
    async function* source() {
      try {
        yield new Uint8Array(100);
      } finally {
        closed = true;
      }
    }
    await expect(readMotionFrames(source(), { name: "a.bkmotion" })).rejects.toThrow(
      "a.bkmotion: wanted a motion clip (.bkmotion), got some other format.",
    );
    expect(closed).toBe(true);
  });

  test("hands on what its source throws", async () => {
    // biome-ignore lint/correctness/useYield: it fails before it yields.
    async function* source(): AsyncGenerator<Uint8Array> {
      throw new RangeError("the disk is gone");
    }
    await expect(readMotionFrames(source())).rejects.toThrow(RangeError);
  });

  test("refuses pieces that are not bytes", async () => {
    await expect(readMotionFrames(["text"] as never)).rejects.toThrow(
      "readMotionFrames: expected pieces of bytes (Uint8Array), got string.",
    );
  });
});

/** A clip's bytes with another header; the rest, checksum too, is as it was. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const bytes = encodeMotionClip(createMotionClip({}, [{ timestamp: 0, keypoints: still(1) }]));
  const length = new DataView(bytes.buffer).getUint32(8, true);
  const text = JSON.stringify(change(JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)))));
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const out = new Uint8Array([...bytes.subarray(0, 16), ...json, ...bytes.subarray(16 + length)]);
  new DataView(out.buffer).setUint32(8, json.length, true);
  return out;
}

test.each([
  ["a later version", { formatVersion: 2 }, "UNSUPPORTED", "has format version 2; this version of bunraku reads 1."],
  ["a version that is none", { formatVersion: "1" }, "FILE", '"formatVersion" must be 1, got "1".'],
  [
    "too many keypoints",
    { keypoints: 65537 },
    "FILE",
    '"keypoints" must be a whole number from 1 to 65536, got 65537.',
  ],
  ["no keypoints", { keypoints: 0 }, "FILE", '"keypoints" must be a whole number from 1 to 65536, got 0.'],
  ["no points", { parts: { confidences: [] } }, "FILE", '"parts" must have points.'],
  [
    "an unknown part",
    { parts: { points: [2], colours: [3] } },
    "FILE",
    'jacobians, covariances, confidences, got "colours".',
  ],
  ["other dims", { parts: { points: [3] } }, "FILE", '"parts.points" must be [2], got a list.'],
  ["dims like numbers", { parts: { points: ["2"] } }, "FILE", '"parts.points" must be [2], got a list.'],
  ["an initial frame that is not there", { initial: 1 }, "FILE", '"initial" must be the index of one of its 1 frames'],
  ["more keypoints than there are", { keypoints: 2 }, "FILE", "wanted whole records of 24 bytes, got 16 bytes"],
  ["another text", { about: "changed" }, "FILE", "its checksum is not that of its bytes."],
])("a header with %s is refused", async (_, change, code, message) => {
  const bytes = withHeader((header) => ({ ...header, ...change }));
  // The initial frame is checked after the checksum, which does not fit a header that was changed.
  const wanted = "initial" in change ? "its checksum is not that of its bytes." : message;
  expect(() => readMotionClip(bytes)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(wanted) }),
  );
  const error = await streamed([bytes]).catch((error) => error);
  expect(BunrakuError.is(error, code as "FILE")).toBe(true);
});

test("a header that is no object is refused", () => {
  for (const header of [[1], null, 7]) {
    expect(() => readMotionClip(withHeader(() => header))).toThrow("wanted a JSON object as header");
  }
});

test("bytes after the end, and another number of frames, are refused", async () => {
  const bytes = recordedBytes("nod");
  const longer = new Uint8Array([...bytes, 0]);
  expect(() => readMotionClip(longer)).toThrow("it was cut short");
  await expect(streamed([longer])).rejects.toThrow("there are bytes after its end.");
  const recounted = bytes.slice();
  recounted[recounted.length - 8] = 71;
  expect(() => readMotionClip(recounted, { name: "a" })).toThrow("a: its end says 71 frames, and it has 72.");
  await expect(streamed([recounted])).rejects.toThrow("its end says 71 frames, and it has 72.");
});
