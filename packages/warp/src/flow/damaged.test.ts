import { deflateSync } from "node:zlib";
import { BunrakuError, tensor } from "@bunraku/backends";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pngChunk, pngFile, pngHeader, pngOf, withSoundChecksums } from "../testing/png.ts";
import { randomNumbers } from "../testing/random-numbers.ts";
import { readFlo } from "./flo/read-flo.ts";
import { writeFlo } from "./flo/write-flo.ts";
import { readKittiFlow } from "./kitti/read-kitti-flow.ts";
import { writeKittiFlow } from "./kitti/write-kitti-flow.ts";
import type { MaskedFlow } from "./pixel-flow.ts";

// For a longer search: BUNRAKU_FUZZ=100000 (iterations), BUNRAKU_FUZZ_SEED=7. A failure names what repeats it.
const iterations = Number(process.env.BUNRAKU_FUZZ ?? 2000);
const seed = Number(process.env.BUNRAKU_FUZZ_SEED ?? 20_090_529);

type Random = ReturnType<typeof randomNumbers>;

/** Typed arrays allocated by the code under test, in bytes: the constructors it sees are counted. */
let allocated = 0;

beforeEach(() => {
  for (const type of [Uint8Array, Float32Array, Float64Array] as const) {
    vi.stubGlobal(
      type.name,
      new Proxy(type, {
        construct(target, [first, ...rest]: unknown[], newTarget) {
          if (typeof first === "number") allocated += first * target.BYTES_PER_ELEMENT;
          return Reflect.construct(target, [first, ...rest], newTarget);
        },
      }),
    );
  }
});
afterEach(() => vi.unstubAllGlobals());

/** One change that files suffer, or that someone who means harm would make. */
function change(random: Random, file: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.from(file);
  const at = random.below(bytes.length + 1);
  switch (random.below(8)) {
    case 0: // a bit
      if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
      return bytes;
    case 1: // a few bytes
      bytes.fill(random.of([0, 1, 0x7f, 0x80, 0xff]), at, Math.min(at + 1 + random.below(8), bytes.length));
      return bytes;
    case 2: // cut short
      return bytes.subarray(0, at);
    case 3: // grown
      return Buffer.concat([bytes, Buffer.alloc(1 + random.below(200), random.below(256))]);
    case 4: // a piece cut out
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(40))]);
    case 5: // a piece doubled
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random.below(60)))]);
    case 6: {
      // spliced with another file
      const other = random.of(others);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(random.below(other.length + 1))]);
    }
    default: {
      // a lie where the sizes are: 4 to 12 in a .flo, 8 to 24 in a PNG, or anywhere
      const place = random.of([4, 8, 16, 20, at]);
      const lie = random.of([
        0,
        1,
        2,
        3,
        0xff,
        0x100,
        0xffff,
        0x10000,
        2 ** 24,
        2 ** 31 - 1,
        2 ** 31,
        2 ** 32 - 1,
        random.below(64),
      ]);
      if (place + 4 <= bytes.length) {
        if (random.below(2) === 0) bytes.writeUInt32BE(lie, place);
        else bytes.writeUInt32LE(lie, place);
      }
      return bytes;
    }
  }
}

function damage(random: Random, files: readonly Uint8Array[]): Uint8Array {
  let bytes = random.of(files);
  for (let changes = 1 + random.below(4); changes > 0; changes--) bytes = change(random, bytes, files);
  return new Uint8Array(bytes);
}

/** A random flow, some of it unknown: constant, or steps, or noise. */
function randomFlow(random: Random): MaskedFlow {
  const [height, width] = [1 + random.below(24), 1 + random.below(24)];
  const kind = random.below(3);
  const data = Float32Array.from({ length: 2 * height * width }, (_, i) =>
    kind === 0 ? 3 : kind === 1 ? (i >> 1) % width : random.below(60_000) / 64 - 460,
  );
  const mask = Uint8Array.from({ length: height * width }, () => (random.below(9) === 0 ? 0 : 1));
  return { flow: tensor("float32", data, [1, height, width, 2]), valid: tensor("bool", mask, [1, height, width]) };
}

/** Fails unless every part of a flow is what its type and its mask say. */
function expectSound({ flow, valid }: MaskedFlow): void {
  const [, height, width] = flow.dims;
  const holds =
    height >= 1 &&
    width >= 1 &&
    flow.dims.join() === [1, height, width, 2].join() &&
    valid.dims.join() === [1, height, width].join() &&
    flow.data.length === 2 * height * width &&
    valid.data.length === height * width &&
    flow.data.every((value, i) => (valid.data[i >> 1] === 1 ? Math.abs(value) <= 1e9 : Number.isNaN(value)));
  if (!holds) throw new Error(`Not a sound flow: ${flow.dims.join(" × ")}.`);
}

/** Forty files as they are written, of flows that do not depend on the seed. */
const sound = (write: (flow: MaskedFlow) => Uint8Array | Promise<Uint8Array>) =>
  Promise.all(Array.from({ length: 40 }, async (_, i) => write(randomFlow(randomNumbers(i + 1)))));

/** Reads `iterations` damaged files: each is refused by a BunrakuError or is a sound flow, in bounded memory and time. */
async function fuzz(
  make: (random: Random) => Uint8Array,
  read: (file: Uint8Array) => MaskedFlow | Promise<MaskedFlow>,
  mostBytes: (file: Uint8Array) => number,
): Promise<{ flows: number; refusals: string[] }> {
  let flows = 0;
  const refusals = new Set<string>();
  for (let iteration = 0; iteration < iterations; iteration++) {
    const file = make(randomNumbers(seed + iteration));
    const repeat = `BUNRAKU_FUZZ_SEED=${seed + iteration} BUNRAKU_FUZZ=1 repeats iteration ${iteration}, a file of ${file.length} bytes`;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer in 20 seconds")), 20_000);
    });
    allocated = 0;
    try {
      expectSound(await Promise.race([(async () => read(file))(), late]));
      flows++;
    } catch (error) {
      if (!BunrakuError.is(error)) throw new Error(`${repeat}: ${error}`, { cause: error });
      refusals.add(error.message.replace(/\d+/g, "#"));
    } finally {
      clearTimeout(timer);
    }
    if (allocated > mostBytes(file)) throw new Error(`${repeat}: ${allocated} bytes were allocated`);
  }
  return { flows, refusals: [...refusals] };
}

const long = 60_000 + iterations * 30;

test(
  "a damaged .flo file is read or refused, and never anything else",
  async () => {
    const files = await sound(({ flow, valid }) => writeFlo(flow, { valid }));
    const { flows, refusals } = await fuzz(
      (random) => damage(random, files),
      readFlo,
      (file) => 1.2 * file.length,
    );
    if (iterations < 2000) return; // few files do not come everywhere
    expect(flows).toBeGreaterThan(iterations * 0.05);
    expect(refusals).toEqual(
      expect.arrayContaining([
        'readFlo: expected a .flo file, which begins with "PIEH", width and height.',
        "readFlo: the file says # × # pixels; expected at least # × #.",
        "readFlo: # × # pixels need # bytes, got #; the file is cut short or damaged.",
      ]),
    );
  },
  long,
);

test(
  "a damaged KITTI file is read or refused, and never anything else",
  async () => {
    const files = await sound(({ flow, valid }) => writeKittiFlow(flow, { valid }));
    const make = (random: Random): Uint8Array => {
      // Checksums catch nearly all damage, so that what lies behind them is reached only when they are made to fit.
      const kind = random.below(4);
      if (kind === 0) return damage(random, files);
      if (kind === 1) return withSoundChecksums(damage(random, files));
      const [width, height] = [1 + random.below(12), 1 + random.below(12)];
      const rows = new Uint8Array(height * (1 + 6 * width));
      for (let i = 0; i < rows.length; i++) rows[i] = i % (1 + 6 * width) === 0 ? random.below(5) : random.below(256);
      const wrong = random.below(2) === 0 ? rows : damage(random, [rows]);
      if (kind === 2) return pngFile({ width, height, rows: wrong });
      // The right pixels in pieces, some of them damaged.
      const packed = deflateSync(wrong);
      const cut = random.below(packed.length);
      const pieces = [packed.subarray(0, cut), packed.subarray(cut)];
      const parts = (random.below(2) === 0 ? pieces : [pieces[0]!, damage(random, pieces)]).map((part) =>
        pngChunk("IDAT", part),
      );
      return pngOf(pngHeader(width, height), ...parts, pngChunk("IEND", new Uint8Array(0)));
    };
    // DEFLATE's best, 1032 to 1, of six bytes a pixel, and nine more for the flow and its mask.
    const { flows, refusals } = await fuzz(make, readKittiFlow, (file) => 1032 * file.length * (15 / 6) + 64);
    if (iterations < 2000) return;
    expect(flows).toBeGreaterThan(iterations * 0.05);
    expect(refusals).toEqual(
      expect.arrayContaining(
        [
          "expected a PNG file, got bytes that do not begin like one.",
          "there is no IEND; the file is cut short or damaged.",
          "the chunk at byte # does not pass its checksum; the file is cut short or damaged.",
          "the chunk at byte # is longer than the file; the file is cut short or damaged.",
          "expected a PNG of #-bit RGB (colour type #), got # bits of colour type #; this is a picture, not a flow.",
          "the file says # × # pixels; expected at least # × #.",
          "the file says # × # pixels, and the limit is #; raise maxPixels if it is right.",
          "the file says # × # pixels, and its # bytes of data cannot hold as many; it is cut short or damaged.",
          "its pixels cannot be decompressed; the file is cut short or damaged.",
          "its size needs # bytes of pixels, got #; the file is damaged.",
          "its size needs # bytes of pixels, got more; the file is damaged.",
          "PNG has no row filter #; the file is damaged.",
        ].map((message) => `readKittiFlow: ${message}`),
      ),
    );
  },
  long,
);
