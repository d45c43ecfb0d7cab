// What is weighed, and how heavy it may be.
import { readFileSync } from "node:fs";

/**
 * @typedef {object} Weighed
 * @property {string} name
 * @property {string} code a module that imports it
 * @property {string[]} [workers] scripts that run beside it: part of its weight, and bundled as files of their own
 * @property {string[]} [lazyWorkers] scripts that run beside what import() loads
 * @property {string[]} [always] modules of import() that are fetched whenever options are at their defaults: ends of paths
 * @property {number} [ceiling] bytes of gzip, without lazy chunks and runtimes; `undefined` where none was set
 */

const ortWorker = "@bunraku/backends/ort-web/worker";
/** @param {string} name @param {Partial<Weighed>} [more] */
const all = (name, more) => ({ name, code: `export * from ${JSON.stringify(name)};`, ...more });
/** @param {string} name @param {string} file @param {Partial<Weighed>} more */
const app = (name, file, more) => ({
  name,
  code: readFileSync(new URL(`apps/${file}`, import.meta.url), "utf8"),
  ...more,
});

/** What a page loads by import() for a First Order Motion Model. */
const always = ["fomm-architecture.js", "proof-once.js"];

/**
 * Ceilings of the root, of `gridSample` and of a page on WebAssembly are promises to users; the others keep what there is
 * from growing unnoticed, and stand 2 to 5 % above what was measured.
 *
 * @type {readonly Weighed[]}
 */
export const imports = [
  all("@bunraku/backends", { ceiling: 1500 }),
  all("@bunraku/backends/ort-web", { workers: [ortWorker], ceiling: 6700 }),
  all("@bunraku/backends/webgpu", { ceiling: 21_500 }),
  all("@bunraku/backends/auto", { lazyWorkers: [ortWorker], ceiling: 8500 }),
  all("@bunraku/backends/reference", { ceiling: 15_000 }),
  all("@bunraku/backends/onnx", { ceiling: 11_500 }),
  { name: "{ gridSample } of @bunraku/warp", code: 'export { gridSample } from "@bunraku/warp";', ceiling: 1500 },
  {
    name: "{ gridSampleKernel } of @bunraku/warp/webgpu",
    code: 'export { gridSampleKernel } from "@bunraku/warp/webgpu";',
    ceiling: 4300,
  },
  all("@bunraku/keypoints", { ceiling: 7900 }),
  all("@bunraku/motion", { ceiling: 18_800 }),
  all("@bunraku/generator", { ceiling: 2300 }),
  all("@bunraku/checkpoints", { ceiling: 47_000 }),
  all("@bunraku/animate", { ceiling: 92_000 }),
  app("a page on WebAssembly", "wasm.js", {
    workers: [ortWorker],
    always: [...always, "planning-for.js"],
    ceiling: 25_500,
  }), // the aim is 25_000
  app("a page on WebGPU, all kernels", "webgpu.js", { always, ceiling: 47_500 }), // the aim is 35_000
  app("a page on auto", "auto.js", { lazyWorkers: [ortWorker], ceiling: 27_100 }),
];
