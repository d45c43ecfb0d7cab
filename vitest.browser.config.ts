import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

// Tests that need a browser (`*.browser.test.ts`), in headless Chromium: `pnpm browser:test`. CHROMIUM names the browser
// where it is not /usr/bin/chromium. They are no project of vitest.config.ts, so that `npm test` runs without a browser.
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
  throw new Error(
    `There is no browser at ${executablePath}. Install one (Debian: apt-get install chromium) or name it in CHROMIUM.`,
  );
}

const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // WebGPU in software, with video frames as textures: only this set of flags gives both.
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
  "--use-webgpu-adapter=swiftshader",
  "--ignore-gpu-blocklist",
];

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
          args,
          env: { ...process.env, XDG_RUNTIME_DIR: "/tmp" } as Record<string, string>,
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
