// Bundles modules as a web application's build would, and weighs what comes out.
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** A package that depends on all that are weighed; what is missing there is found at the root. */
const [from, otherwise] = [`${root}packages/animate`, `${root}node_modules`];

/** Optional peers, and what only types need: never part of a bundle of ours. */
const runtimes = ["onnxruntime-web", "onnxruntime-node", "onnxruntime-common", "webgpu", "ndarray", "vitest"];

/** @satisfies {import("esbuild").BuildOptions} */
const options = {
  bundle: true,
  write: false,
  metafile: true,
  splitting: true, // what import() asks for becomes files of its own
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  outdir: `${root}out/size`, // nothing is written there
  external: runtimes.flatMap((name) => [name, `${name}/*`]),
  nodePaths: [otherwise],
  absWorkingDir: from,
  logLevel: "silent",
};

/**
 * @typedef {{ min: number, gzip: number, brotli: number }} Sizes in bytes
 * @typedef {object} Weight
 * @property {Sizes} own what is fetched before the module runs, and the scripts of its workers
 * @property {Sizes} lazy what import() fetches later, if ever
 * @property {Sizes} fetched `own`, and of `lazy` what is always fetched
 * @property {string[]} runtimes what is imported of runtimes, which stay outside
 * @property {[module: string, bytes: number][]} modules what `own` is made of, largest first
 */

/**
 * @param {Pick<import("./imports.mjs").Weighed, "code" | "workers" | "lazyWorkers" | "always">} weighed
 * @returns {Promise<Weight>}
 */
export async function weigh({ code, workers = [], lazyWorkers = [], always = [] }) {
  /** @param {Pick<import("esbuild").BuildOptions, "stdin" | "entryPoints">} entry @param {boolean} lazy */
  const filesFrom = async (entry, lazy) => filesOf(await build({ ...entry, ...options }), lazy, always);
  const page = { stdin: { contents: code, resolveDir: from, sourcefile: "page.js" } };
  // Each worker's script is a build of its own: it shares no files with the page.
  const builds = await Promise.all([
    filesFrom(page, false),
    ...workers.map((script) => filesFrom({ entryPoints: [script] }, false)),
    ...lazyWorkers.map((script) => filesFrom({ entryPoints: [script] }, true)),
  ]);
  const files = builds.flat();
  const own = files.filter(({ lazy }) => !lazy);
  const missing = always.filter((module) => !files.some((file) => file.entryPoint?.endsWith(module)));
  if (missing.length > 0) throw new Error(`nothing imports ${missing.join(", ")} by import().`);
  /** @type {Map<string, number>} */
  const modules = new Map();
  for (const [path, { bytesInOutput }] of own.flatMap(({ inputs }) => Object.entries(inputs))) {
    const name = relative(root, join(from, path));
    modules.set(name, (modules.get(name) ?? 0) + bytesInOutput);
  }
  const imported = files.flatMap(({ imports }) => imports.filter(({ external }) => external));
  return {
    own: sum(own.map(({ sizes }) => sizes)),
    lazy: sum(files.filter(({ lazy }) => lazy).map(({ sizes }) => sizes)),
    fetched: sum(files.filter(({ fetched }) => fetched).map(({ sizes }) => sizes)),
    runtimes: [...new Set(imported.map(({ path }) => path))].sort(),
    modules: [...modules].sort(([, a], [, b]) => b - a),
  };
}

/**
 * @typedef {import("esbuild").Metafile["outputs"]} Outputs by path
 *
 * @param {import("esbuild").BuildResult<typeof options>} result
 * @param {boolean} allLazy
 * @param {readonly string[]} always
 */
function filesOf({ outputFiles, metafile: { outputs } }, allLazy, always) {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  const later = new Set(imports.filter(({ kind }) => kind === "dynamic-import").map(({ path }) => path));
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint && !later.has(path));
  const eager = closure(outputs, String(entry));
  const fetched = new Set(allLazy ? [] : eager);
  for (const path of later)
    if (always.some((module) => outputs[path]?.entryPoint?.endsWith(module))) closure(outputs, path, fetched);
  return outputFiles.map(({ path, contents }) => {
    const name = relative(from, path);
    const { inputs = {}, imports = [], entryPoint } = outputs[name] ?? {};
    const lazy = allLazy || !eager.has(name);
    return { inputs, imports, entryPoint, lazy, fetched: fetched.has(name), sizes: sizesOf(contents) };
  });
}

/**
 * A file and what it imports before it runs.
 *
 * @param {Outputs} outputs
 * @param {string} path
 * @param {Set<string>} [found]
 */
function closure(outputs, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: next, kind, external } of outputs[path]?.imports ?? []) {
    if (kind === "import-statement" && !external) closure(outputs, next, found);
  }
  return found;
}

/** Each file is compressed by itself, as servers do. @param {Uint8Array} bytes @returns {Sizes} */
function sizesOf(bytes) {
  return {
    min: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
}

/** @param {Sizes[]} sizes */
function sum(sizes) {
  const total = { min: 0, gzip: 0, brotli: 0 };
  for (const { min, gzip, brotli } of sizes) {
    total.min += min;
    total.gzip += gzip;
    total.brotli += brotli;
  }
  return total;
}
