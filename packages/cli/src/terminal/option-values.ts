import type { Crop } from "@bunraku/warp";
import { InvalidArgumentError } from "commander";

// Values of options. What they throw becomes "error: option '--size <n>' argument 'x' is invalid. …" and exit code 2.

export function trueOrFalse(value: string): boolean {
  if (value !== "true" && value !== "false") throw new InvalidArgumentError("Expected true or false.");
  return value === "true";
}

export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

export function decimal(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === "" || !(number >= least && number <= most))
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    return number;
  };
}

/** Whole numbers, separated by commas. */
export function indices(value: string): readonly number[] {
  const numbers = value.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (!numbers.every((number) => Number.isInteger(number) && number >= 0))
    throw new InvalidArgumentError("Expected whole numbers separated by commas, for example 0,3,7.");
  return numbers;
}

/** A frame by its number; without one (`true`) the best is looked for. */
export function frameChoice(value: string): number {
  return wholeNumber(0, 2 ** 32 - 1)(value);
}

export function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError("Expected seconds, 0 or more.");
  return number;
}

/** How a picture is cropped: `auto` is what the model wants, `face` and `centre` are found, or a rectangle. */
export type CropChoice = "auto" | "face" | "centre" | Crop;

export function cropChoice(value: string): CropChoice {
  if (value === "auto" || value === "face" || value === "centre") return value;
  const parts = value.split(",").map(Number);
  const [left, top, width, height] = parts;
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0) || !width || !height) {
    throw new InvalidArgumentError(
      "Expected auto, face, centre, or left,top,width,height in whole pixels, for example 40,0,256,256.",
    );
  }
  return { left: left!, top: top!, width, height };
}

export function colour(value: string): readonly [number, number, number] {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value);
  if (!match) throw new InvalidArgumentError("Expected a colour as six hexadecimal digits, for example ffffff.");
  return [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16), Number.parseInt(match[3]!, 16)];
}
