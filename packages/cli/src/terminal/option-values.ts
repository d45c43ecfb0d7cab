import type { Crop } from "@bunraku/warp";
import { InvalidArgumentError } from "commander";

// Values of options. What they throw becomes "error: option '--size <n>' argument 'x' is invalid. …" and exit code 2.

/** Of a file or folder, or an address. An empty one is a variable of a script that was not set. */
export function fileName(value: string): string {
  if (value === "") throw new InvalidArgumentError("Expected a name, got nothing.");
  return value;
}

/** The same for an argument that may come several times. */
export function fileNames(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, fileName(value)];
}

export function trueOrFalse(value: string): boolean {
  if (value !== "true" && value !== "false") throw new InvalidArgumentError("Expected true or false.");
  return value === "true";
}

export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = digits(value);
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** How many jobs: a number, or as many as the machine has cores for. */
export function jobsChoice(value: string): number | "auto" {
  if (value === "auto") return value;
  const number = digits(value);
  if (number >= 1 && number <= 64) return number;
  throw new InvalidArgumentError("Expected auto, or a whole number from 1 to 64.");
}

export function decimal(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
  };
}

/** Whole numbers, separated by commas. */
export function indices(value: string): readonly number[] {
  const numbers = value.split(",").map((part) => digits(part.trim()));
  if (numbers.every(Number.isSafeInteger)) return numbers;
  throw new InvalidArgumentError("Expected whole numbers separated by commas, for example 0,3,7.");
}

/** A frame by its number; without one (`true`) the best is looked for. */
export function frameChoice(value: string): number {
  const number = digits(value);
  if (number < 2 ** 32) return number;
  throw new InvalidArgumentError(
    "Expected the number of a frame, from 0. To look for the best one, write --best-frame after the picture.",
  );
}

export function smoothing(value: string): "offline" | "live" {
  if (value === "offline" || value === "live") return value;
  throw new InvalidArgumentError("Expected offline or live. For offline, write --smooth after the picture.");
}

export function seconds(value: string): number {
  try {
    return decimal(0, Number.MAX_VALUE)(value);
  } catch {
    throw new InvalidArgumentError("Expected seconds, 0 or more.");
  }
}

/** How a picture is cropped: `auto` is what the model wants, `face` and `centre` are found, or a rectangle. */
export type CropChoice = "auto" | "face" | "centre" | Crop;

export function cropChoice(value: string): CropChoice {
  if (value === "auto" || value === "face" || value === "centre") return value;
  const parts = value.split(",").map((part) => digits(part.trim()));
  const [left, top, width, height] = parts;
  if (parts.length === 4 && parts.every(Number.isSafeInteger) && width && height)
    return { left: left!, top: top!, width, height };
  throw new InvalidArgumentError(
    "Expected auto, face, centre, or left,top,width,height in whole pixels, for example 40,0,256,256.",
  );
}

export function colour(value: string): readonly [number, number, number] {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value);
  if (!match) throw new InvalidArgumentError("Expected a colour as six hexadecimal digits, for example ffffff.");
  return [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16), Number.parseInt(match[3]!, 16)];
}

/** A whole number as people write it, else NaN: `Number` reads 0 from nothing, and 16 from 0x10. */
function digits(value: string): number {
  return /^\d+$/.test(value) ? Number(value) : Number.NaN;
}
