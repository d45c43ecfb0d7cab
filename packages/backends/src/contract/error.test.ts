import { expect, test } from "vitest";
import { BunrakuError } from "./error.ts";

test("an error is recognised by its marker and its code", () => {
  const error = new BunrakuError("SHAPE", "source: expected [1, 3, 64, 64], got [1].");
  expect(BunrakuError.is(error)).toBe(true);
  expect(BunrakuError.is(error, "SHAPE")).toBe(true);
  expect(BunrakuError.is(error, "MODEL")).toBe(false);
  expect(BunrakuError.is(new Error("no"))).toBe(false);
  expect(BunrakuError.is(undefined)).toBe(false);
});

test("an error of another copy of the package is recognised too", () => {
  const foreign = Object.assign(new Error("elsewhere"), { code: "FILE" });
  Object.defineProperty(foreign, Symbol.for("bunraku.error"), { value: true });
  expect(BunrakuError.is(foreign, "FILE")).toBe(true);
});

test("the cause is kept", () => {
  const cause = new Error("ENOENT");
  expect(new BunrakuError("FILE", "x", { cause }).cause).toBe(cause);
});
