import { dirname, posix, relative } from "node:path";
import type { OutputFile, Plugin } from "esbuild";

/** One `export { names } from "path"` of a barrel. */
interface ReExport {
  readonly path: string;
  /** Of imported names, what they are exported as. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Builds barrels (modules that only re-export) out of `export *`.
 *
 * esbuild, when it splits an application into files, counts all that a barrel imports by name as reached by whoever takes
 * one name from it, so that code for `import()` alone lands in the first file (esbuild#3704 is near it). It looks through `export *`.
 * Where a module exports more than the barrel does, a small file between the two names what is exported; sources go on
 * re-exporting by name.
 */
export const barrelsOfStars: Plugin = {
  name: "barrels-of-stars",
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    onEnd((result) => {
      const { outputFiles = [], metafile } = result;
      const exportsOf = (path: string) => metafile?.outputs[relative(process.cwd(), path)]?.exports;
      const barrels = outputFiles.flatMap((file) => {
        const reExports = file.path.endsWith(".js") ? reExportsOf(file.text) : [];
        return reExports.length > 1 ? [{ file, reExports }] : [];
      });
      for (const { file, reExports } of barrels) {
        const lines = reExports.map(({ path, names }, index) => {
          const all = path.startsWith(".") ? exportsOf(posix.join(dirname(file.path), path)) : undefined;
          const unrenamed = [...names].every(([from, to]) => from === to && to !== "default");
          if (unrenamed && all?.length === names.size) return `export * from ${JSON.stringify(path)};`;
          const between = file.path.replace(/\.js$/, `.${index + 1}.js`);
          outputFiles.push(textFile(between, namedExports(path, names)));
          return `export * from ${JSON.stringify(`./${posix.basename(between)}`)};`;
        });
        outputFiles.splice(outputFiles.indexOf(file), 1, textFile(file.path, `${lines.join("\n")}\n`));
        // There is nothing to step through in them.
        const map = outputFiles.findIndex(({ path }) => path === `${file.path}.map`);
        if (map >= 0) outputFiles.splice(map, 1);
      }
    });
  },
};

/** What a module re-exports, by where it is from; nothing when the module does anything else. */
function reExportsOf(code: string): ReExport[] {
  const imports = /^import \{([^}]*)\} from ("[^"]+");$/gm;
  const exports = /^export \{([^}]*)\};$/gm;
  const rest = code
    .replace(imports, "")
    .replace(exports, "")
    .replace(/^\/\/.*$/gm, "");
  const exported = [...code.matchAll(exports)].flatMap(([, list]) => namesIn(list));
  const exportedAs = new Map(exported);
  const reExports = [...code.matchAll(imports)].map(([, list, path]) => ({
    path: JSON.parse(String(path)) as string,
    names: new Map(
      namesIn(list).flatMap(([from, local]) => {
        const name = exportedAs.get(local);
        return name === undefined ? [] : [[from, name] as const];
      }),
    ),
  }));
  const count = reExports.reduce((sum, { names }) => sum + names.size, 0);
  return rest.trim() === "" && count === exported.length ? reExports : [];
}

/** Pairs of a list as it stands between braces: "a, b as c" is [[a, a], [b, c]]. */
function namesIn(list = ""): [from: string, to: string][] {
  const entries = list.split(",").map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const [from, to] = entry.split(" as ");
    return [String(from), to ?? String(from)];
  });
}

function namedExports(path: string, names: ReadonlyMap<string, string>): string {
  const list = [...names].map(([from, to]) => (from === to ? from : `${from} as ${to}`));
  return `export { ${list.join(", ")} } from ${JSON.stringify(path)};\n`;
}

function textFile(path: string, text: string): OutputFile {
  return { path, text, contents: new TextEncoder().encode(text), hash: "" };
}
