import fc from "fast-check";
import { expect, test } from "vitest";
import { nestsDeeper } from "./json-nesting.ts";

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("depth is that of the value, whatever its texts hold", () => {
  const brackets = fc.stringMatching(/^[[\]{}"\\a]{0,6}$/);
  const json = fc.jsonValue({ maxDepth: 5 });
  fc.assert(
    fc.property(fc.dictionary(brackets, fc.oneof(brackets, json)), fc.nat(7), (value, most) => {
      expect(nestsDeeper(JSON.stringify(value), most)).toBe(depthOf(value) > most);
    }),
  );
});

test.each(["[", '{"a":', "[[{"])("%s, any number of times, is too deep", (opening) => {
  expect(nestsDeeper(opening.repeat(1e6), 64)).toBe(true);
});

test("siblings are no deeper than one of them", () => {
  expect(nestsDeeper(`[${"[],".repeat(1000)}[]]`, 2)).toBe(false);
  expect(nestsDeeper(`[${"[],".repeat(1000)}[]]`, 1)).toBe(true);
});
