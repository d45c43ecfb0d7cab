import { InvalidArgumentError } from "commander";
import { describe, expect, test } from "vitest";
import {
  colour,
  cropChoice,
  decimal,
  fileName,
  frameChoice,
  indices,
  seconds,
  smoothing,
  trueOrFalse,
  wholeNumber,
} from "./option-values.ts";

describe("values that are read", () => {
  test.each<[unknown, unknown]>([
    [wholeNumber(0, 100)("0"), 0],
    [wholeNumber(0, 100)("100"), 100],
    [decimal(-10, 10)("-1.5"), -1.5],
    [decimal(-10, 10)(".5"), 0.5],
    [decimal(-10, 10)("+2"), 2],
    [decimal(0, 100)("1e-3"), 0.001],
    [seconds("0"), 0],
    [seconds("1.25"), 1.25],
    [indices("3"), [3]],
    [indices("0, 3,7"), [0, 3, 7]],
    [frameChoice("12"), 12],
    [cropChoice("face"), "face"],
    [cropChoice("0,10,20,30"), { left: 0, top: 10, width: 20, height: 30 }],
    [cropChoice("0, 10, 20, 30"), { left: 0, top: 10, width: 20, height: 30 }],
    [colour("#FF8000"), [255, 128, 0]],
    [trueOrFalse("false"), false],
    [smoothing("live"), "live"],
    [fileName(" "), " "],
  ])("%# %j", (read, wanted) => {
    expect(read).toEqual(wanted);
  });
});

describe("values that are refused, with what was expected", () => {
  // What JavaScript takes for a number, and nobody means.
  const odd = ["", " ", "NaN", "Infinity", "-Infinity", "1e400", "0x10", "1_000", "1,5", "five", "--", "٣"];
  test.each([...odd, "-1", "1.5", "1e1", "101", "99999999999999999999"])("a whole number: %j", (value) => {
    expect(() => wholeNumber(0, 100)(value)).toThrow(InvalidArgumentError);
    expect(() => wholeNumber(0, 100)(value)).toThrow("Expected a whole number from 0 to 100.");
  });
  test.each([...odd, "-10.1", "11", "1e2"])("a number: %j", (value) => {
    expect(() => decimal(-10, 10)(value)).toThrow("Expected a number from -10 to 10.");
  });
  test.each([...odd, "-1"])("seconds: %j", (value) => {
    expect(() => seconds(value)).toThrow("Expected seconds, 0 or more.");
  });
  test.each([...odd.filter((value) => value !== "1,5"), "1,,2", ",", "-1", "1.5"])("indices: %j", (value) => {
    expect(() => indices(value)).toThrow("Expected whole numbers separated by commas");
  });
  test.each([...odd, ",,10,10", "0,0,0,10", "0,0,10", "0,0,10,10,10", "-1,0,10,10", "0,0,1e1,10", "Face"])(
    "a crop: %j",
    (value) => {
      expect(() => cropChoice(value)).toThrow("Expected auto, face, centre, or left,top,width,height in whole pixels");
    },
  );
  test.each([...odd, "#fff", "fffffff", "gggggg"])("a colour: %j", (value) => {
    expect(() => colour(value)).toThrow("six hexadecimal digits");
  });
  test.each([...odd, "-1", "portrait.png", "4294967296"])("a frame: %j, and where pictures go", (value) => {
    expect(() => frameChoice(value)).toThrow(
      "Expected the number of a frame, from 0. To look for the best one, write --best-frame after the picture.",
    );
  });
  test("a way to smooth, and where pictures go", () => {
    expect(() => smoothing("portrait.png")).toThrow(
      "Expected offline or live. For offline, write --smooth after the picture.",
    );
  });
  test("the name of a file: nothing", () => {
    expect(() => fileName("")).toThrow("Expected a name, got nothing.");
  });
});
