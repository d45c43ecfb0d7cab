// What a runtime makes a page fetch beside bunraku: its script, and the WebAssembly that the script asks for.
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @typedef {object} Runtime
 * @property {string} specifier "onnxruntime-web/wasm"
 * @property {string} version of the package
 * @property {{ name: string, raw: number, gzip: number }[]} files as they lie in node_modules; bytes
 */

/** @type {Map<string, Promise<Runtime>>} */
const known = new Map();

/** @param {string} specifier what is imported */
export function runtimeFiles(specifier) {
  const files = known.get(specifier) ?? findFiles(specifier);
  known.set(specifier, files);
  return files;
}

/** @param {string} specifier @returns {Promise<Runtime>} */
async function findFiles(specifier) {
  const script = await scriptOf(specifier);
  // The name of the WebAssembly stands in the script, which looks for it beside itself.
  const names = (await readFile(script, "utf8")).match(/ort-wasm[\w.-]*\.wasm\b/g) ?? [];
  const files = [script, ...[...new Set(names)].map((name) => join(dirname(script), name))];
  return {
    specifier,
    version: await versionOf(script),
    files: await Promise.all(
      files.map(async (path) => {
        const bytes = await readFile(path);
        return { name: basename(path), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
      }),
    ),
  };
}

/** @param {string} specifier @returns the file that a bundler for browsers takes */
async function scriptOf(specifier) {
  const { metafile } = await build({
    stdin: { contents: `export * from ${JSON.stringify(specifier)};`, resolveDir: root },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    absWorkingDir: root,
    logLevel: "silent",
  });
  const [script, ...more] = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules/"));
  if (!script || more.length > 0) throw new Error(`${specifier}: expected one script, got ${[script, ...more]}.`);
  return join(root, script);
}

/** @param {string} script @returns {Promise<string>} */
async function versionOf(script) {
  const manifest = join(dirname(script), "..", "package.json"); // scripts are in dist
  return JSON.parse(await readFile(manifest, "utf8")).version;
}
