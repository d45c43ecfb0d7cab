import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("what is written on a line stays as it is", () => {
  expect(printable("déjà vu: 256 × 256, 12 % — 日本語 😀 \\u001b")).toBe(
    "déjà vu: 256 × 256, 12 % — 日本語 😀 \\u001b",
  );
});

test.each([
  ["\u001b[2J", "\\u001b[2J"],
  ["a\nnote: b", "a\\u000anote: b"],
  ["a\rb\tc\u0000", "a\\u000db\\u0009c\\u0000"],
  ["\u009b31m\u007f", "\\u009b31m\\u007f"],
  ["gnp.\u202etxt", "gnp.\\u202etxt"],
  ["\u2066\u2028\u2029", "\\u2066\\u2028\\u2029"],
])("%j is shown as %s", (text, shown) => {
  expect(printable(text)).toBe(shown);
});
