import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { executablePath, missingBrowser, webgpuArgs } from "./tools/chromium.mjs";

// Tests that need a browser (`*.browser.test.ts`), in headless Chromium: `pnpm browser:test`. CHROMIUM names the browser
// where it is not /usr/bin/chromium. They are no project of vitest.config.ts, so that `npm test` runs without a browser.
if (missingBrowser) throw new Error(missingBrowser);

export default defineConfig({
  resolve: { conditions: ["@bunraku/source", "module", "browser", "development|production"] },
  // Excluded, because pre-bundling moves its code away from its .wasm.
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: {
    host: "127.0.0.1",
    // Threads share memory, which only cross-origin isolated pages may.
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  },
  test: {
    include: ["packages/**/*.browser.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 120_000,
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath,
          args: webgpuArgs,
          env: { ...process.env, XDG_RUNTIME_DIR: "/tmp" } as Record<string, string>,
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
