// The example "animate in a page" as a visitor meets it: built, served from localhost, in headless Chromium, on each
// backend. The result must move, the page must stay smooth after loading, and nothing may be said on the console or asked
// of other hosts. On WebGPU the browser's GPU process is killed on the way. Screenshots go to out/page.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import { executablePath, missingBrowser, webgpuArgs } from "../chromium.mjs";
import { watchSmoothness } from "./watch-smoothness.mjs";

const root = fileURLToPath(new URL("../../examples/animate-in-a-page", import.meta.url));
const pictures = fileURLToPath(new URL("../../out/page", import.meta.url));
if (missingBrowser) {
  console.error(missingBrowser);
  process.exit(1);
}

/** What is asked of each backend: frames, and the longest time that the page's own thread may be busy, in ms. */
const visits = [
  { backend: "ort-web", frames: 40, threads: true },
  { backend: "ort-web", frames: 10, threads: false },
  { backend: "webgpu", frames: 4, threads: true },
  { backend: "webgpu", frames: 4, threads: true, kill: true },
].filter(({ backend }) => process.argv.length < 3 || process.argv.includes(backend));
const longest = 50;

await build({ root, logLevel: "error" });
await mkdir(pictures, { recursive: true });
let failed = 0;
let passed = 0;
for (const visit of visits) {
  const problems = await meet(visit).catch((error) => [error.message]);
  for (const problem of problems) console.error(`  ${problem}`);
  problems.length === 0 ? passed++ : failed++;
}
console.log(`page: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** @returns what was wrong */
async function meet({ backend, frames, threads, kill = false }) {
  const headers = threads
    ? {}
    : { "Cross-Origin-Opener-Policy": "unsafe-none", "Cross-Origin-Embedder-Policy": "unsafe-none" };
  const server = await preview({ root, logLevel: "error", preview: { port: 0, host: "127.0.0.1", headers } });
  const origin = server.resolvedUrls.local[0];
  const profile = await mkdtemp(join(tmpdir(), "bunraku-page-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: webgpuArgs,
    viewport: { width: 1024, height: 640 },
    env: { ...process.env, XDG_RUNTIME_DIR: "/tmp" },
  });
  const problems = [];
  try {
    const page = await browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
    browser.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) problems.push(`request to ${url}`);
    });
    await page.goto(`${origin}?backend=${backend}&software`);
    await drawn(page, 1);
    const first = await page.locator("#result").screenshot();
    await page.evaluate(watchSmoothness);
    await drawn(page, frames / 2);
    if (kill) {
      const devtools = await browser.browser().newBrowserCDPSession();
      await devtools.send("Browser.crashGpuProcess").catch(() => undefined);
    }
    await drawn(page, frames);
    const busy = await page.evaluate(() => globalThis.longestBusy()); // before pictures are taken, which is work, too
    const name = `${backend}${threads ? "" : "-without-headers"}${kill ? "-killed" : ""}`;
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    const last = await page.locator("#result").screenshot();
    const { seen, report } = await page.evaluate(() => ({
      seen: globalThis.seen,
      report: JSON.parse(document.getElementById("report").textContent),
    }));
    if (first.equals(last)) problems.push("the result did not move");
    const colours = await coloursOf(page, last);
    if (colours < 100) problems.push(`the result is empty: it has ${colours} colours`);
    if (busy > longest) problems.push(`the page was busy for ${busy.toFixed(0)} ms at a time`);
    if (!threads && report.threads !== 1) problems.push(`threads without isolation: ${report.threads}`);
    if (kill && seen.losses === 0) problems.push("the device was not lost");
    const median = seen.milliseconds.toSorted((a, b) => a - b)[Math.floor(seen.milliseconds.length / 2)];
    console.log(
      `${problems.length ? "FAILED" : "ok"}  ${name}: ${report.providers}, ${report.threads ?? "–"} threads, ${seen.frames} frames, ` +
        `${median.toFixed(0)} ms the middle one, busy at most ${busy.toFixed(0)} ms, ${seen.losses} devices lost, ${report.checks} checks`,
    );
    return problems;
  } finally {
    await browser.close();
    await server.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** How many colours a screenshot has: one, where nothing was drawn. */
function coloursOf(page, screenshot) {
  return page.evaluate(
    async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
    },
    `data:image/png;base64,${screenshot.toString("base64")}`,
  );
}

/** Waits until so many frames are drawn; fails with what the page says. */
async function drawn(page, count) {
  try {
    await page.waitForFunction((wanted) => (globalThis.seen?.frames ?? 0) >= wanted, count, { timeout: 420_000 });
  } catch {
    throw new Error(`${count} frames were not drawn; the page says: ${await page.locator("#status").textContent()}`);
  }
}
