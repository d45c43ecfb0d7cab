import { BunrakuError } from "../contract/error.ts";
import type { Attributes } from "./operator.ts";

/** A whole-number attribute, or its default. */
export function intAttribute(attributes: Attributes, name: string, fallback: number): number {
  const value = own(attributes, name) ?? fallback;
  if (typeof value === "number") return value;
  throw new BunrakuError("MODEL", `attribute "${name}" must be a whole number, got ${JSON.stringify(value)}.`);
}

/** A float attribute, or its default. */
export function floatAttribute(attributes: Attributes, name: string, fallback: number): number {
  const value = own(attributes, name) ?? { float: fallback };
  if (typeof value === "object" && "float" in value) return value.float;
  throw new BunrakuError("MODEL", `attribute "${name}" must be a float, got ${JSON.stringify(value)}.`);
}

/** A text attribute, or its default; one of `known`. @throws `UNSUPPORTED` for another. */
export function textAttribute<T extends string>(attributes: Attributes, name: string, known: readonly T[]): T {
  const value = own(attributes, name) ?? known[0];
  if (known.includes(value as T)) return value as T;
  throw new BunrakuError(
    "UNSUPPORTED",
    `attribute "${name}" must be one of ${known.join(", ")}, got ${JSON.stringify(value)}.`,
  );
}

/** A list of whole numbers, if it is there. */
export function intsAttribute(attributes: Attributes, name: string): readonly number[] | undefined {
  const value = own(attributes, name);
  if (value === undefined || Array.isArray(value)) return value;
  throw new BunrakuError("MODEL", `attribute "${name}" must be whole numbers, got ${JSON.stringify(value)}.`);
}

function own(attributes: Attributes, name: string) {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}
