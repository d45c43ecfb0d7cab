import { readFileSync } from "node:fs";
import { buildSync, type Plugin } from "esbuild";
import type { Options } from "tsup";
import { barrelsOfStars } from "./tsup.barrels.ts";

type Target = string | { readonly [condition: string]: Target };
type Exports = Record<string, Target>;

// A package may import a subpath of its own by its name; that stays a file of its own, too.
const others = [/^node:/, /^@bunraku\//];

/**
 * Build settings of a library package.
 *
 * Each module that the exports reach becomes a file of its own: bundlers drop whole files that nothing uses, and can
 * hardly take apart a file that holds several modules. `new URL("./worker.js", import.meta.url)` means the same in
 * both places. The exports are the `@bunraku/source` values of the exports map, so that manifest and build cannot
 * drift apart; they alone have declarations.
 */
export function library({ extraEntries = [] as string[] } = {}): Options {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Exports };
  const exported = [...Object.values(manifest.exports).flatMap(sourcesOf), ...extraEntries];
  return {
    entry: named(modulesOf(exported)),
    format: "esm",
    target: "es2022",
    platform: "neutral",
    sourcemap: true,
    clean: true,
    splitting: false,
    removeNodeProtocol: false,
    // Declarations are made against the built packages: the source condition would pull their sources in.
    dts: { entry: named(exported), compilerOptions: { customConditions: [], noEmit: false } },
    external: others,
    esbuildPlugins: [siblingsStayOutside, barrelsOfStars],
  };
}

/** Entries by the name of what is built from them: "./src/ort-web/index.ts" builds to "ort-web/index". */
function named(sources: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    sources.map((source) => [source.replace(/^(\.\/)?src\//, "").replace(/\.[jt]s$/, ""), source]),
  );
}

/** These modules, and those of the same package that they import. */
function modulesOf(sources: readonly string[]): string[] {
  const { metafile } = buildSync({
    entryPoints: [...sources],
    bundle: true,
    write: false,
    metafile: true,
    outdir: "dist",
    format: "esm",
    packages: "external",
  });
  return Object.keys(metafile.inputs);
}

const siblingsStayOutside: Plugin = {
  name: "siblings-stay-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: path.replace(/\.ts$/, ".js"), external: true },
    );
  },
};

/** The sources of a subpath: one, or one per environment. */
function sourcesOf(target: Target): string[] {
  if (typeof target === "string") return [];
  const { "@bunraku/source": source } = target;
  return typeof source === "string" ? [source] : Object.values(target).flatMap(sourcesOf);
}
