import { readFileSync } from "node:fs";
import type { Options } from "tsup";

type Exports = Record<string, string | Record<string, string>>;

/**
 * Build settings of a library package.
 *
 * The entries are the `@bunraku/source` values of its exports map, so that manifest and build cannot drift apart.
 */
export function library({ extraEntries = [] as string[] } = {}): Options {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Exports };
  const sources = Object.values(manifest.exports)
    .map((target) => (typeof target === "string" ? undefined : target["@bunraku/source"]))
    .filter((source) => source !== undefined);
  const entry = Object.fromEntries(
    [...sources, ...extraEntries].map((source) => [source.replace(/^\.\/src\//, "").replace(/\.[jt]s$/, ""), source]),
  );
  return {
    entry,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    sourcemap: true,
    clean: true,
    splitting: true,
    removeNodeProtocol: false,
    // Declarations are made against the built packages: the source condition would pull their sources in.
    dts: { compilerOptions: { customConditions: [], noEmit: false } },
    external: [/^node:/],
  };
}
