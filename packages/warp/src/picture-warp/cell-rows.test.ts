import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { resizeBilinear } from "../resize/resize-bilinear.ts";
import { CellRows } from "./cell-rows.ts";

test("a map is read between its cell centres, and constant beyond them", () => {
  const rows = new CellRows({ height: 1, width: 2, data: Float32Array.of(0, 8) }, 1, { height: 1, width: 4 });
  expect([...rows.at(0)]).toEqual([0, 2, 6, 8]);
});

test("one cell covers every picture", () => {
  const rows = new CellRows({ height: 1, width: 1, data: Float32Array.of(3, 5) }, 2, { height: 3, width: 2 });
  expect([...rows.at(0)]).toEqual([3, 5, 3, 5]);
  expect([...rows.at(2)]).toEqual([3, 5, 3, 5]);
});

test.each([
  [4, 5, 9, 13],
  [7, 6, 3, 2],
  [2, 9, 2, 9],
])("rows of %d × %d cells over %d × %d pixels are those of a bilinear resize", (height, width, toHeight, toWidth) => {
  const map = noise([1, 1, height, width]);
  const rows = new CellRows({ height, width, data: map.data }, 1, { height: toHeight, width: toWidth });
  const resized = resizeBilinear(map, { height: toHeight, width: toWidth }).data;
  for (let y = 0; y < toHeight; y++) {
    for (const [x, value] of rows.at(y).entries()) expect(value).toBeCloseTo(resized[y * toWidth + x]!, 5);
  }
});

test("rows may be asked for in any order", () => {
  const rows = new CellRows({ height: 2, width: 1, data: Float32Array.of(0, 8) }, 1, { height: 4, width: 1 });
  expect([3, 0, 2, 1].map((y) => rows.at(y)[0])).toEqual([8, 0, 6, 2]);
});
