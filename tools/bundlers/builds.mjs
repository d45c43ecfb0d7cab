// How each bundler is used with ortWeb: what a user would write, and nothing more.
import { copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import webpack from "webpack";

const app = fileURLToPath(new URL("app", import.meta.url));
const resolve = createRequire(import.meta.url).resolve;

/** Bundlers by name; each writes a page, `index.html` and what it needs, to a folder. */
export const builds = {
  async vite(folder) {
    await vite({ root: app, base: "/", logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  },

  async webpack(folder) {
    const stats = await new Promise((done, fail) => {
      const config = {
        mode: "production",
        context: app,
        entry: "./found.js",
        output: { path: folder, filename: "app.js", publicPath: "/" },
        performance: { hints: false },
      };
      webpack(config, (error, result) => (error ? fail(error) : done(result)));
    });
    if (stats.hasErrors() || stats.hasWarnings())
      throw new Error(stats.toString({ all: false, errors: true, warnings: true }));
    await writePage(folder);
  },

  async esbuild(folder) {
    const common = { bundle: true, minify: true, format: "esm", target: "es2022", outdir: folder, logLevel: "error" };
    // Split, so that onnxruntime-web is a file of its own: on the page's thread, its threads load that file again.
    await esbuild({ ...common, entryPoints: { app: join(app, "told.js") }, splitting: true });
    await esbuild({ ...common, entryPoints: { worker: "@bunraku/backends/ort-web/worker" }, absWorkingDir: app });
    const wasm = "ort-wasm-simd-threaded.wasm";
    await copyFile(resolve(`onnxruntime-web/${wasm}`), join(folder, wasm));
    await writePage(folder);
  },
};

async function writePage(folder) {
  await writeFile(join(folder, "index.html"), '<!doctype html><script type="module" src="/app.js"></script>');
}
