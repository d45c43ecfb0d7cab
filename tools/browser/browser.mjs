// The packages in a real browser: bundles page.ts, serves it, runs it in headless Chromium, and fails on a wrong number,
// an error on the console or a request to anywhere else. CHROMIUM names the browser where it is not /usr/bin/chromium.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { args, executablePath, missingBrowser } from "../chromium.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
if (missingBrowser) {
  console.error(missingBrowser);
  process.exit(1);
}

const bundle = await build({
  entryPoints: [join(root, "tools/browser/page.ts")],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  platform: "browser",
  conditions: ["@bunraku/source"],
  logLevel: "warning",
});
const script = bundle.outputFiles[0].text;

const types = { ".json": "application/json", ".png": "image/png" };
const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  response.setHeader("Content-Security-Policy", "default-src 'self'; script-src 'self'");
  if (path === "/")
    return response
      .setHeader("Content-Type", "text/html")
      .end('<!doctype html><script type="module" src="/page.js"></script>');
  if (path === "/favicon.ico") return response.writeHead(204).end();
  if (path === "/page.js") return response.setHeader("Content-Type", "text/javascript").end(script);
  const file = path.startsWith("/model/") ? path.replace("/model/", "packages/model-heads/files/") : path;
  if (!/^\/?(samples|fixtures|packages\/model-heads\/files)\//.test(file)) return response.writeHead(404).end();
  try {
    const bytes = await readFile(join(root, file));
    response
      .setHeader("Content-Type", types[file.slice(file.lastIndexOf("."))] ?? "application/octet-stream")
      .end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const profile = await mkdtemp(join(tmpdir(), "bunraku-browser-"));
const problems = [];
let outcome = {};
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  args,
});
try {
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) problems.push(`request to ${request.url()}`);
  });
  await page.goto(origin);
  await page.waitForFunction(() => globalThis.outcome !== undefined, undefined, { timeout: 120_000 });
  outcome = await page.evaluate(() => globalThis.outcome);
} catch (error) {
  problems.push(`the page did not finish: ${error.message}`);
} finally {
  await browser.close();
  server.close();
  await rm(profile, { recursive: true, force: true });
}

const node = execFileSync(
  process.execPath,
  ["--conditions=@bunraku/source", "--import", "tsx", "tools/browser/node-frame.ts"],
  { cwd: root, encoding: "utf8" },
);
const [inBrowser, inNode] = [JSON.parse(outcome.frame?.pass ? outcome.frame.detail : "[]"), JSON.parse(node)];
// Browsers decode PNG to the same bytes; the mean of a frame may differ by rounding only.
const same = inNode.length === inBrowser.length && inNode.every((mean, i) => Math.abs(mean - inBrowser[i]) < 0.05);
outcome["same frame as onnxruntime in Node"] = {
  pass: same,
  detail: `${JSON.stringify(inBrowser)} against ${node.trim()}`,
};

for (const [name, { pass, detail }] of Object.entries(outcome))
  console.log(`${pass ? "ok" : "FAILED"}  ${name}: ${detail}`);
for (const problem of problems) console.error(problem);
const passed = Object.values(outcome).filter(({ pass }) => pass).length;
const failed = Object.values(outcome).length - passed + problems.length;
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
