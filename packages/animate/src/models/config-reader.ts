import { BunrakuError } from "@bunraku/backends";
import type { HourglassConfig } from "@bunraku/backends/layers";

type Json = Readonly<Record<string, unknown>>;

/** A reader of `model_params`. @throws `MODEL` when it is no section */
export function readModelParams(modelParams: unknown): ConfigReader {
  if (typeof modelParams === "object" && modelParams !== null && !Array.isArray(modelParams))
    return new ConfigReader(modelParams as Json, "model_params");
  const got = JSON.stringify(modelParams) ?? "nothing";
  throw new BunrakuError("MODEL", `configuration: model_params must be a section, got ${got}.`);
}

/** Reads numbers and flags out of a configuration, with an error that names the key. */
export class ConfigReader {
  readonly #values: Json;
  readonly #path: string;

  constructor(values: Json, path: string) {
    this.#values = values;
    this.#path = path;
  }

  /** A whole number from `least` to `most`. */
  count(
    key: string,
    { fallback, least = 1, most = 65536 }: { fallback?: number; least?: number; most?: number } = {},
  ): number {
    const value = this.#value(key, fallback);
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      throw this.#error(key, `a whole number from ${least} to ${most}`);
    }
    return value as number;
  }

  /** A number of blocks that halve pictures: with more than 16 no picture is large enough. */
  halvings(key: string, { least = 1 }: { least?: number } = {}): number {
    return this.count(key, { least, most: 16 });
  }

  /** A number above 0 and at most `most`. */
  positive(key: string, { fallback, most = Number.MAX_VALUE }: { fallback?: number; most?: number } = {}): number {
    const value = this.#value(key, fallback);
    if (typeof value !== "number" || !(value > 0) || value > most) {
      throw this.#error(key, most === Number.MAX_VALUE ? "a number above 0" : `a number above 0 and at most ${most}`);
    }
    return value;
  }

  /** `scale_factor`: 1 when it is absent. Kernels grow with its inverse, so a file may not ask for any. */
  scaleFactor(): number {
    const scale = this.positive("scale_factor", { fallback: 1, most: 1 });
    if (scale < 1 / 64) throw this.#error("scale_factor", "a number from 1/64 to 1");
    return scale;
  }

  flag(key: string, { fallback }: { fallback?: boolean } = {}): boolean {
    const value = this.#value(key, fallback);
    if (typeof value !== "boolean") throw this.#error(key, "true or false");
    return value;
  }

  /** One of `names`, or (where `orNumber`) a number above 0. */
  choice<T extends string>(key: string, names: readonly T[], options?: { fallback?: T; orNumber?: false }): T;
  choice<T extends string>(key: string, names: readonly T[], options: { fallback?: T; orNumber: true }): T | number;
  choice<T extends string>(
    key: string,
    names: readonly T[],
    { fallback, orNumber = false }: { fallback?: T; orNumber?: boolean } = {},
  ): T | number {
    const value = this.#value(key, fallback);
    if (names.includes(value as T)) return value as T;
    if (orNumber && typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
    const listed = names.map((name) => JSON.stringify(name)).join(" or ");
    throw this.#error(key, orNumber ? `${listed}, or a number above 0` : listed);
  }

  /** A number above 0; `undefined` when it is absent or null. */
  optional(key: string): number | undefined {
    return this.#value(key, undefined) === undefined ? undefined : this.positive(key);
  }

  /** `num_channels`: 3, as pictures have it. @throws `UNSUPPORTED` for another number */
  colourChannels(): number {
    const channels = this.count("num_channels", { fallback: 3 });
    if (channels === 3) return channels;
    throw new BunrakuError("UNSUPPORTED", `configuration: num_channels must be 3 (RGB), got ${channels}.`);
  }

  /** The keys of an hourglass. */
  hourglass(): HourglassConfig {
    return {
      blockExpansion: this.count("block_expansion"),
      maxFeatures: this.count("max_features"),
      numBlocks: this.halvings("num_blocks"),
    };
  }

  /** A section; `undefined` when it is absent or null and `optional`. */
  section(key: string, options: { optional: true }): ConfigReader | undefined;
  section(key: string, options?: { optional?: false }): ConfigReader;
  section(key: string, { optional = false }: { optional?: boolean } = {}): ConfigReader | undefined {
    const value = this.#values[key];
    if (optional && (value === undefined || value === null)) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.#error(key, "a section");
    return new ConfigReader(value as Json, `${this.#path}.${key}`);
  }

  #value(key: string, fallback: unknown): unknown {
    const value = Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
    return value ?? fallback;
  }

  #error(key: string, wanted: string): BunrakuError {
    const value = this.#values[key];
    const got = value === undefined ? "nothing" : JSON.stringify(value);
    return new BunrakuError("MODEL", `configuration: ${this.#path}.${key} must be ${wanted}, got ${got}.`);
  }
}
