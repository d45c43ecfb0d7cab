import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import { expect, test } from "vitest";
import { pixelFlow, uniformFlow } from "../../testing/flows.ts";
import { colourWheel } from "./colour-wheel.ts";
import { flowToPicture } from "./flow-to-picture.ts";
import { wheelHues } from "./hues.ts";

// The same description, written down in Python: fixtures/flow/README.md.
const golden = JSON.parse(
  readFileSync(new URL("../../../../../fixtures/flow/expected.json", import.meta.url), "utf8"),
) as {
  wheel: number[][];
  colours: { flow: [number, number]; colour: number[] }[];
};

const one = { height: 1, width: 1 };
const colour = (u: number, v: number, maxRadius = 1) => [
  ...flowToPicture(pixelFlow([u, v], one), { maxRadius }).data.subarray(0, 3),
];

test("the wheel has the 55 hues of its description", () => {
  const hues = [...wheelHues()];
  expect(hues).toEqual(golden.wheel.flat());
  expect(hues.length / 3).toBe(15 + 6 + 4 + 11 + 13 + 6);
});

test("a displacement has the colour that the description gives it, rounded down", () => {
  for (const { flow, colour: wanted } of golden.colours) {
    const got = colour(...flow);
    wanted.forEach((value, c) => {
      expect(value - got[c]!).toBeGreaterThanOrEqual(-1e-3);
      expect(value - got[c]!).toBeLessThan(1.001);
    });
  }
});

test("still is white, right is red, down is yellow, left is green-blue, up is violet-blue", () => {
  expect(colour(0, 0)).toEqual([255, 255, 255]);
  expect(colour(1, 0)).toEqual([255, 0, 0]);
  expect(colour(0, 1)).toEqual([255, 229, 0]); // hue 13.5 of 15 from red to yellow
  expect(colour(-1, 0)).toEqual([0, 209, 255]); // hue 27: 2 of 11 from cyan to blue
  expect(colour(0, -1)).toEqual([88, 0, 255]); // hue 40.5: 4.5 of 13 from blue to magenta
});

test("-0 is 0: no seam where a component vanishes", () => {
  expect(colour(1, -0)).toEqual(colour(1, 0));
  expect(colour(-0, 1)).toEqual(colour(0, 1));
});

test("length is saturation: half of it is half way to white, and more than all of it is darker", () => {
  expect(colour(2, 0, 4)).toEqual([255, 127, 127]);
  expect(colour(4, 0, 4)).toEqual([255, 0, 0]);
  expect(colour(5, 0, 4)).toEqual([191, 0, 0]);
});

test("without a radius, the longest displacement has the full colour, and a still flow is white", () => {
  const flow = pixelFlow([3, 0, 6, 0, 1e10, 0], { height: 1, width: 3 });
  expect([...flowToPicture(flow).data]).toEqual([255, 127, 127, 255, 255, 0, 0, 255, 0, 0, 0, 255]);
  expect([...flowToPicture(uniformFlow(one, 0, 0)).data]).toEqual([255, 255, 255, 255]);
});

test("what is not known is black: not a number, beyond 1e9, or masked", () => {
  const size = { height: 2, width: 2 };
  const flow = pixelFlow([Number.NaN, 0, 0, -2e9, 1, 0, 1, 0], size);
  const valid = tensor("bool", Uint8Array.of(1, 1, 0, 1), [1, 2, 2]);
  const picture = flowToPicture(flow, { valid });
  expect(picture).toMatchObject({ width: 2, height: 2 });
  expect([...picture.data]).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 0, 0, 255]);
});

test("the legend is a disc of the same colours, transparent around it", () => {
  const { width, height, data } = colourWheel(9);
  const at = (x: number, y: number) => [...data.subarray(4 * (y * 9 + x), 4 * (y * 9 + x) + 4)];
  expect([width, height, data.length]).toEqual([9, 9, 324]);
  expect(at(4, 4)).toEqual([255, 255, 255, 255]);
  expect(at(8, 4)).toEqual([255, 0, 0, 255]);
  expect(at(4, 8)).toEqual([255, 229, 0, 255]);
  expect(at(6, 3)).toEqual([...colour(0.5, -0.25), 255]);
  expect(at(0, 0)).toEqual([0, 0, 0, 0]);
});

test.each([2, 4097, 8.5, Number.NaN])("a legend of %d pixels is refused", (size) => {
  expect(() => colourWheel(size)).toThrow(
    `colourWheel: size must be a whole number of pixels from 3 to 4096, got ${size}.`,
  );
});

test.each([0, -1, Number.NaN, Infinity])("a radius of %d is refused", (maxRadius) => {
  expect(() => flowToPicture(uniformFlow(one, 1, 0), { maxRadius })).toThrow(
    `flowToPicture: maxRadius must be a length in pixels above 0, got ${maxRadius}.`,
  );
});
