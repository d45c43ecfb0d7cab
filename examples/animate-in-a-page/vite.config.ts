import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const files = fileURLToPath(new URL("../../packages/model-heads/files", import.meta.url));

/** Puts the default model's folder beside the page. */
const model: Plugin = {
  name: "model",
  configureServer: ({ middlewares, config }) => {
    middlewares.use((request, _, next) => {
      if (request.url?.startsWith(`${config.base}model/`))
        request.url = request.url.replace(`${config.base}model/`, `/@fs${files}/`);
      next();
    });
  },
  writeBundle: ({ dir }) => cp(files, `${dir}/model`, { recursive: true }),
};

// Threads need a page that is isolated; without these headers there is one thread, and the report says so.
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export default defineConfig({
  base: "./",
  plugins: [model],
  resolve: { conditions: ["@bunraku/source", "module", "browser", "development|production"] },
  worker: { format: "es" },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  build: { target: "es2022", assetsInlineLimit: 0 },
  server: { headers, fs: { allow: ["../.."] } },
  preview: { headers },
});
