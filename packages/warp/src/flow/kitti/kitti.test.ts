import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { largestGap, pixelFlow, seeds, sizes, uniformFlow } from "../../testing/flows.ts";
import { pngFile } from "../../testing/png.ts";
import { readKittiFlow } from "./read-kitti-flow.ts";
import { writeKittiFlow } from "./write-kitti-flow.ts";

// Files that Python and ffmpeg wrote: fixtures/flow/README.md.
const fixtures = new URL("../../../../../fixtures/flow/", import.meta.url);
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
const expected = JSON.parse(readFileSync(new URL("expected.json", fixtures), "utf8")) as {
  flow: (number | null)[];
  valid: number[];
};

test.each(["kitti-filters.png", "kitti-ffmpeg.png"])(
  "%s is read: its numbers, and where they are known",
  async (name) => {
    const { flow, valid } = await readKittiFlow(fixture(name));
    expect([flow.dims, valid.dims]).toEqual([
      [1, 5, 7, 2],
      [1, 5, 7],
    ]);
    expect([...flow.data]).toEqual(expected.flow.map((value) => value ?? Number.NaN));
    expect([...valid.data]).toEqual(expected.valid);
  },
);

test("libpng's own files are read, and it reads ours", async () => {
  const codes = Uint16Array.from({ length: 3 * 31 * 17 }, (_, i) => (i % 3 === 2 ? 1 : (i * 40503) % 65536));
  const raw = { width: 31, height: 17, channels: 3 as const };
  const theirs = await sharp(codes, { raw }).toColourspace("rgb16").png({ adaptiveFiltering: true }).toBuffer();
  const { flow, valid } = await readKittiFlow(theirs);
  expect(valid.data).not.toContain(0);
  const channels = Float32Array.from({ length: 2 * 31 * 17 }, (_, i) => (codes[3 * (i >> 1) + (i & 1)]! - 32768) / 64);
  expect(flow.data).toEqual(channels);

  const ours = await writeKittiFlow(flow, { valid });
  const { data } = await sharp(ours)
    .toColourspace("rgb16")
    .raw({ depth: "ushort" })
    .toBuffer({ resolveWithObject: true });
  expect(new Uint16Array(data.buffer, data.byteOffset, data.length / 2)).toEqual(codes);
});

test("what is written is read back within 1/128 pixel, and what is unknown stays unknown", async () => {
  await fc.assert(
    fc.asyncProperty(sizes(1, 20), seeds, async ({ height, width }, seed) => {
      const flow = noise([1, height, width, 2], seed, [-512, 511.98]);
      const valid = tensor(
        "bool",
        Uint8Array.from({ length: height * width }, (_, i) => (i % 5 === 0 ? 0 : 1)),
        [1, height, width],
      );
      const back = await readKittiFlow(await writeKittiFlow(flow, { valid }));
      expect(back.flow.dims).toEqual([1, height, width, 2]);
      expect(largestGap(back.valid.data, valid.data)).toBe(0);
      expect(largestGap(back.flow.data, flow.data, (i) => valid.data[i >> 1] === 1)).toBeLessThanOrEqual(1 / 128);
      expect(back.flow.data.every((value, i) => Number.isNaN(value) === (valid.data[i >> 1] === 0))).toBe(true);
      // Steps of 1/64 come back as they are.
      const again = await readKittiFlow(await writeKittiFlow(back.flow, back));
      expect(largestGap(again.flow.data, back.flow.data, (i) => valid.data[i >> 1] === 1)).toBe(0);
    }),
  );
});

test("a file as large as KITTI's is written and read", async () => {
  const flow = noise([1, 375, 1242, 2], 6, [-100, 100]);
  const { flow: back } = await readKittiFlow(await writeKittiFlow(flow));
  expect(largestGap(back.data, flow.data)).toBeLessThanOrEqual(1 / 128);
});

test("a known displacement that KITTI cannot hold is refused, and not clipped", async () => {
  const flow = pixelFlow([0, 0, 512, 0], { height: 1, width: 2 });
  await expect(writeKittiFlow(flow)).rejects.toThrow(
    "writeKittiFlow: a KITTI file holds displacements from -512 to 511.98 pixels, got 512 at (1, 0); mask it, or write a .flo file.",
  );
  const valid = tensor("bool", Uint8Array.of(1, 0), [1, 1, 2]);
  expect((await readKittiFlow(await writeKittiFlow(flow, { valid }))).valid.data).toEqual(Uint8Array.of(1, 0));
});

test("the ends of the range are held", async () => {
  const ends = pixelFlow([-512, 511.984375], { height: 1, width: 1 });
  expect([...(await readKittiFlow(await writeKittiFlow(ends))).flow.data]).toEqual([-512, 511.984375]);
});

test("any B but 0 means known", async () => {
  const rows = Uint8Array.of(0, 0x80, 0x40, 0x7f, 0xc0, 1, 0, 0x80, 0x40, 0x7f, 0xc0, 0, 0); // B is 256, then 0
  const { flow, valid } = await readKittiFlow(pngFile({ width: 2, height: 1, rows }));
  expect([...flow.data]).toEqual([1, -1, Number.NaN, Number.NaN]);
  expect([...valid.data]).toEqual([1, 0]);
});

test("wrong shapes and limits are named", async () => {
  await expect(writeKittiFlow(noise([1, 4, 4, 3]) as never)).rejects.toThrow(
    "writeKittiFlow flow: expected [1, H, W, 2], got [1, 4, 4, 3].",
  );
  const file = await writeKittiFlow(uniformFlow({ height: 2, width: 2 }, 0, 0));
  await expect(readKittiFlow(file, { maxPixels: Number.NaN })).rejects.toThrow(
    "readKittiFlow: maxPixels must be a number of at least 1, got NaN.",
  );
});
