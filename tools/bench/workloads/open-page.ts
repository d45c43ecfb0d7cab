import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { build, preview } from "vite";
import { args, executablePath, missingBrowser } from "../../chromium.mjs";
import { Skipped } from "../bench.ts";
import { Owned } from "./owned.ts";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
/** Threads need a page that is isolated. */
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** The page of `tools/bench/page`: built, served, and open in headless Chromium. @throws `Skipped` without a browser */
export async function openPage(): Promise<AsyncDisposable & { readonly page: Page }> {
  if (missingBrowser) throw new Skipped(missingBrowser);
  await using owned = new Owned();
  const folder = await mkdtemp(join(tmpdir(), "bunraku-bench-page-"));
  owned.use({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) });
  const [outDir, profile] = [join(folder, "site"), join(folder, "profile")];
  const root = at("tools/bench/page");
  await build({
    root,
    base: "./",
    configFile: false,
    logLevel: "error",
    resolve: {
      conditions: ["@bunraku/source", "module", "browser", "production"],
      alias: { mediabunny: at("packages/media/node_modules/mediabunny") },
    },
    worker: { format: "es" },
    build: { target: "es2022", outDir, emptyOutDir: true, assetsInlineLimit: 0 },
  });
  await cp(at("packages/model-heads/files"), join(outDir, "model"), { recursive: true });
  for (const file of ["driving/nod.mp4", "portraits/head_07.png"])
    await cp(at(`samples/${file}`), join(outDir, file.replace(/.*\//, "")));
  const server = await preview({
    root,
    configFile: false,
    logLevel: "error",
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1", headers },
  });
  owned.use({ [Symbol.asyncDispose]: () => server.close() });
  const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
  owned.use({ [Symbol.asyncDispose]: () => browser.close() });
  const page = await browser.newPage();
  await page.goto(server.resolvedUrls!.local[0]!);
  await page.waitForFunction(() => "bench" in globalThis);
  const kept = owned.move();
  return { page, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
}
