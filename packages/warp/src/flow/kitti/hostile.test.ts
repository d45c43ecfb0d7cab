import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { BunrakuError } from "@bunraku/backends";
import { expect, test, vi } from "vitest";
import { uniformFlow } from "../../testing/flows.ts";
import { pngChunk, pngFile, pngHeader, pngOf } from "../../testing/png.ts";
import { readKittiFlow } from "./read-kitti-flow.ts";
import { writeKittiFlow } from "./write-kitti-flow.ts";

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../../../fixtures/flow/${name}`, import.meta.url)));

/** The code and message that a file is refused with; anything but a BunrakuError is thrown on. */
async function refusal(bytes: Uint8Array, maxPixels = 2 ** 24): Promise<string> {
  try {
    await readKittiFlow(bytes, { maxPixels });
  } catch (error) {
    if (BunrakuError.is(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error("Wanted a refusal, got a flow.");
}

const end = pngChunk("IEND", new Uint8Array(0));
const row = deflateSync(new Uint8Array(7));

test.each([
  ["not-kitti-rgb8.png", 8, 2],
  ["not-kitti-grey16.png", 16, 0],
  ["not-kitti-rgba16.png", 16, 6],
])("%s is a picture, not a flow", async (name, bits, type) => {
  expect(await refusal(fixture(name))).toBe(
    `MEDIA readKittiFlow: expected a PNG of 16-bit RGB (colour type 2), got ${bits} bits of colour type ${type}; this is a picture, not a flow.`,
  );
});

test("an interlaced file is understood and not read", async () => {
  expect(await refusal(fixture("not-kitti-interlaced.png"))).toBe(
    "UNSUPPORTED readKittiFlow: the PNG is interlaced; save it without interlacing.",
  );
});

test("65535 × 65535 pixels in a few bytes are refused by the limit, and without it by what the bytes can hold", async () => {
  const lie = pngFile({ width: 65535, height: 65535, rows: new Uint8Array(7) });
  expect(await refusal(lie)).toBe(
    "MEDIA readKittiFlow: the file says 65535 × 65535 pixels, and the limit is 16777216; raise maxPixels if it is right.",
  );
  expect(await refusal(lie, 2 ** 40)).toMatch(
    /^MEDIA readKittiFlow: the file says 65535 × 65535 pixels, and its \d+ bytes of data cannot hold as many; /,
  );
});

test("2^32 - 1 pixels each way are refused", async () => {
  const lie = pngFile({ width: 2 ** 32 - 1, height: 2 ** 32 - 1, rows: new Uint8Array(7) });
  expect(await refusal(lie, Number.MAX_SAFE_INTEGER)).toContain("the limit is 9007199254740991;");
});

test("a bomb that says 2 × 2 pixels and holds 64 MB is left after a few buffers", async () => {
  const bomb = pngFile({ width: 2, height: 2, rows: new Uint8Array(2 ** 26) });
  expect(bomb.length).toBeLessThan(70_000);
  let decompressed = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      decompressed += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const inner = new DecompressionStream("deflate");
  class Counted {
    readonly writable = inner.writable;
    readonly readable = inner.readable.pipeThrough(count);
  }
  vi.stubGlobal("DecompressionStream", Counted);
  try {
    expect(await refusal(bomb)).toBe(
      "MEDIA readKittiFlow: its size needs 26 bytes of pixels, got more; the file is damaged.",
    );
  } finally {
    vi.unstubAllGlobals();
  }
  expect(decompressed).toBeGreaterThan(26);
  expect(decompressed).toBeLessThan(1_000_000);
});

test("a file cut short at any byte is refused", async () => {
  const whole = fixture("kitti-filters.png");
  for (let length = 0; length < whole.length; length++) {
    expect(await refusal(whole.subarray(0, length))).toMatch(/^MEDIA readKittiFlow: .*\.$/);
  }
});

test("one wrong bit anywhere is refused, by a checksum or earlier", async () => {
  const whole = fixture("kitti-ffmpeg.png");
  for (let at = 0; at < whole.length; at++) {
    const wrong = whole.slice();
    wrong[at]! ^= 1 << (at % 8);
    expect(await refusal(wrong)).toMatch(/^MEDIA readKittiFlow: .*\.$/);
  }
});

test("a wrong checksum is said to be one", async () => {
  const wrong = fixture("kitti-ffmpeg.png");
  wrong[8 + 8 + 13]! ^= 1; // of IHDR
  expect(await refusal(wrong)).toBe(
    "MEDIA readKittiFlow: the chunk at byte 8 does not pass its checksum; the file is cut short or damaged.",
  );
});

test.each([
  ["no bytes", new Uint8Array(0), "expected a PNG file, got bytes that do not begin like one."],
  ["a signature alone", pngOf(), "there is no IEND; the file is cut short or damaged."],
  ["no header", pngOf(end), "IHDR must come first, and once; the file is cut short or damaged."],
  [
    "two headers",
    pngOf(pngHeader(1, 1), pngHeader(1, 1), end),
    "IHDR must come first, and once; the file is cut short or damaged.",
  ],
  [
    "a short header",
    pngOf(pngChunk("IHDR", new Uint8Array(12)), end),
    "the PNG header is not one of PNG's; the file is damaged.",
  ],
  [
    "a header with a third way of interlacing",
    pngOf(pngHeader(1, 1, 16, 2, 2), pngChunk("IDAT", row), end),
    "the PNG header is not one of PNG's; the file is damaged.",
  ],
  [
    "no pixels",
    pngOf(pngHeader(0, 3), pngChunk("IDAT", row), end),
    "the file says 0 × 3 pixels; expected at least 1 × 1.",
  ],
  [
    "no data",
    pngOf(pngHeader(1, 1), end),
    "the file says 1 × 1 pixels, and its 0 bytes of data cannot hold as many; it is cut short or damaged.",
  ],
  [
    "a chunk that PNG does not have and that must be known",
    pngOf(pngHeader(1, 1), pngChunk("IMAG", row), end),
    'the file needs a chunk "IMAG", which PNG does not have.',
  ],
  [
    "data here and there",
    pngOf(pngHeader(1, 1), pngChunk("IDAT", row), pngChunk("tEXt", row), pngChunk("IDAT", row), end),
    "its IDAT chunks do not follow one another; the file is cut short or damaged.",
  ],
  [
    "too little data",
    pngFile({ width: 1, height: 2, rows: new Uint8Array(7) }),
    "its size needs 14 bytes of pixels, got 7; the file is damaged.",
  ],
  [
    "too much data",
    pngFile({ width: 1, height: 1, rows: new Uint8Array(8) }),
    "its size needs 7 bytes of pixels, got more; the file is damaged.",
  ],
  [
    "a filter of its own",
    pngFile({ width: 1, height: 1, rows: Uint8Array.of(5, 0, 0, 0, 0, 0, 0) }),
    "PNG has no row filter 5; the file is damaged.",
  ],
  [
    "data that is no zlib stream",
    pngOf(
      pngHeader(1, 1),
      pngChunk(
        "IDAT",
        Uint8Array.from({ length: 40 }, (_, i) => 7 * i),
      ),
      end,
    ),
    "its pixels cannot be decompressed; the file is cut short or damaged.",
  ],
  [
    "a zlib stream without its end",
    pngOf(pngHeader(1, 1), pngChunk("IDAT", row.subarray(0, -2)), end),
    "its pixels cannot be decompressed; the file is cut short or damaged.",
  ],
])("%s: refused", async (_, bytes, message) => {
  expect(await refusal(bytes)).toBe(`MEDIA readKittiFlow: ${message}`);
});

test("a chunk longer than the file, or longer than 2^31, is refused", async () => {
  const file = await writeKittiFlow(uniformFlow({ height: 1, width: 1 }, 0, 0));
  for (const length of [1000, 2 ** 31, 2 ** 32 - 1]) {
    const lie = file.slice();
    new DataView(lie.buffer).setUint32(8 + 25, length); // of IDAT
    expect(await refusal(lie)).toContain("the chunk at byte 33 is longer than the file;");
  }
});

test("what a reader may skip is skipped, and so is what follows the end", async () => {
  const [a, b] = [row.subarray(0, 3), row.subarray(3)];
  const whole = pngOf(
    pngHeader(1, 1),
    pngChunk("gAMA", new Uint8Array(4)),
    pngChunk("PLTE", new Uint8Array(3)),
    pngChunk("IDAT", a),
    pngChunk("IDAT", new Uint8Array(0)),
    pngChunk("IDAT", b),
    pngChunk("tIME", new Uint8Array(7)),
    end,
    Uint8Array.of(1, 2, 3),
  );
  expect((await readKittiFlow(whole)).valid.data).toEqual(Uint8Array.of(0));
});
