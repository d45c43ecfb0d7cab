import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import { noise } from "@bunraku/backends/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { largestGap, pixelFlow, seeds, sizes, uniformFlow } from "../../testing/flows.ts";
import { readFlo } from "./read-flo.ts";
import { writeFlo } from "./write-flo.ts";

// A file that numpy wrote: fixtures/flow/README.md.
const fixtures = new URL("../../../../../fixtures/flow/", import.meta.url);
const small = new Uint8Array(readFileSync(new URL("small.flo", fixtures)));
const expected = JSON.parse(readFileSync(new URL("expected.json", fixtures), "utf8")) as {
  flow: (number | null)[];
  valid: number[];
};

const header = (width: number, height: number, more = 0) => {
  const bytes = new Uint8Array(12 + more);
  const view = new DataView(bytes.buffer);
  view.setFloat32(0, 202021.25, true);
  view.setInt32(4, width, true);
  view.setInt32(8, height, true);
  return bytes;
};

test("a file that numpy wrote is read: its numbers, and three ways of saying unknown", () => {
  const { flow, valid } = readFlo(small);
  expect([flow.dims, valid.dims]).toEqual([
    [1, 5, 7, 2],
    [1, 5, 7],
  ]);
  expect([...flow.data]).toEqual(expected.flow.map((value) => value ?? Number.NaN));
  expect([...valid.data]).toEqual(expected.valid);
});

test("a file is read from the middle of a buffer at any byte", () => {
  const shifted = new Uint8Array(small.length + 3);
  shifted.set(small, 3);
  expect(readFlo(shifted.subarray(3)).flow.data).toEqual(readFlo(small).flow.data);
});

test("what is written begins with PIEH, width and height, and is (u, v) row by row", () => {
  const bytes = writeFlo(pixelFlow([1, 2, 3, 4, 5, 6], { height: 1, width: 3 }));
  expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("PIEH");
  expect(bytes.subarray(0, 12)).toEqual(header(3, 1));
  const view = new DataView(bytes.buffer);
  expect([0, 1, 2, 3, 4, 5].map((i) => view.getFloat32(12 + 4 * i, true))).toEqual([1, 2, 3, 4, 5, 6]);
});

test("what is written is read back to the last bit, and what is unknown stays unknown", () => {
  fc.assert(
    fc.property(sizes(1, 20), seeds, ({ height, width }, seed) => {
      const flow = noise([1, height, width, 2], seed, [-1e4, 1e4]);
      const valid = tensor(
        "bool",
        Uint8Array.from({ length: height * width }, (_, i) => (i % 5 === 0 ? 0 : 1)),
        [1, height, width],
      );
      const back = readFlo(writeFlo(flow, { valid }));
      expect(largestGap(back.valid.data, valid.data)).toBe(0);
      expect(largestGap(back.flow.data, flow.data, (i) => valid.data[i >> 1] === 1)).toBe(0);
      expect(back.flow.data.every((value, i) => Number.isNaN(value) === (valid.data[i >> 1] === 0))).toBe(true);
      expect(largestGap(writeFlo(back.flow, back), writeFlo(flow, { valid }))).toBe(0);
    }),
  );
});

test("1e9 is a number, and what is beyond is unknown", () => {
  const { flow, valid } = readFlo(writeFlo(pixelFlow([1e9, -1e9, 1.001e9, 0, 0, Infinity], { height: 3, width: 1 })));
  expect([...valid.data]).toEqual([1, 0, 0]);
  expect([...flow.data]).toEqual([1e9, -1e9, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});

test.each([
  ["nothing", new Uint8Array(0)],
  ["less than a header", header(1, 1).subarray(0, 11)],
  ["another file", Uint8Array.from({ length: 20 }, (_, i) => i)],
])("%s is no .flo file", (_, bytes) => {
  const message = 'readFlo: expected a .flo file, which begins with "PIEH", width and height.';
  expect(() => readFlo(bytes)).toThrow(expect.objectContaining({ code: "MEDIA", message }));
});

test("a file of the wrong length is refused, shorter or longer", () => {
  expect(() => readFlo(small.subarray(0, -1))).toThrow(
    "readFlo: 7 × 5 pixels need 292 bytes, got 291; the file is cut short or damaged.",
  );
  expect(() => readFlo(header(1, 1, 9))).toThrow("readFlo: 1 × 1 pixels need 20 bytes, got 21;");
});

test.each([
  [0, 5],
  [5, 0],
  [-7, -5],
  [-(2 ** 31), 1],
])("%d × %d pixels are refused", (width, height) => {
  expect(() => readFlo(header(width, height, 280))).toThrow(
    `readFlo: the file says ${width} × ${height} pixels; expected at least 1 × 1.`,
  );
});

test("an absurd size is refused by the length of the file", () => {
  const most = 2 ** 31 - 1;
  expect(() => readFlo(header(most, most, 8))).toThrow(`readFlo: ${most} × ${most} pixels need `);
  // 2^29 × 1 pixels are 2^32 bytes: 0, for those who count in 32 bits.
  expect(() => readFlo(header(2 ** 29, 1))).toThrow("readFlo: 536870912 × 1 pixels need 4294967308 bytes, got 12;");
});

test("wrong shapes are named", () => {
  expect(() => writeFlo(noise([1, 4, 4, 3]) as never)).toThrow(
    "writeFlo flow: expected [1, H, W, 2], got [1, 4, 4, 3].",
  );
  const valid = tensor("bool", new Uint8Array(2), [1, 2, 1]);
  expect(() => writeFlo(uniformFlow({ height: 1, width: 2 }, 0, 0), { valid })).toThrow(
    "writeFlo flow, valid: expected [1, 1, 2], got [1, 2, 1].",
  );
});
