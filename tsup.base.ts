import { readFileSync } from "node:fs";
import type { Options } from "tsup";

type Target = string | { readonly [condition: string]: Target };
type Exports = Record<string, Target>;

/**
 * Build settings of a library package.
 *
 * The entries are the `@bunraku/source` values of its exports map, so that manifest and build cannot drift apart.
 */
export function library({ extraEntries = [] as string[] } = {}): Options {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Exports };
  const sources = Object.values(manifest.exports).flatMap(sourcesOf);
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
    // A package may import a subpath of its own by its name; that stays a file of its own, too.
    external: [/^node:/, /^@bunraku\//],
  };
}

/** The sources of a subpath: one, or one per environment. */
function sourcesOf(target: Target): string[] {
  if (typeof target === "string") return [];
  const { "@bunraku/source": source } = target;
  return typeof source === "string" ? [source] : Object.values(target).flatMap(sourcesOf);
}
