// ortWeb as users bundle it: builds one small app with each bundler from the built packages, serves it from localhost and
// runs it in headless Chromium. Fails on a wrong answer, a wrong number of threads, an error on the console or a request to
// anywhere else. CHROMIUM names the browser where it is not /usr/bin/chromium.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { args, executablePath, missingBrowser } from "../chromium.mjs";
import { builds } from "./builds.mjs";
import { serve } from "./serve.mjs";

if (missingBrowser) {
  console.error(missingBrowser);
  process.exit(1);
}

const policy = (script) => ({ "Content-Security-Policy": `default-src 'self'; script-src ${script}` });
const strict = policy("'self' 'wasm-unsafe-eval'");
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
const answer = [4, 6, 3, 8]; // 1 + 3, 2 + 4, 1 * 3, 2 * 4
const cases = ["worker", "main"].flatMap((thread) => [
  {
    name: `${thread}, isolated`,
    thread,
    headers: { ...strict, ...isolation },
    expected: { answer, threads: 2, warnings: [] },
  },
  {
    name: `${thread}, not isolated`,
    thread,
    headers: strict,
    expected: { answer, threads: 1, warnings: ["single-threaded"] },
  },
  {
    name: `${thread}, a policy without WebAssembly`,
    thread,
    headers: policy("'self'"),
    expected: {
      error:
        "BACKEND_UNAVAILABLE: ort-web: the Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src, for the page and for the worker's script.",
    },
  },
]);

const work = await mkdtemp(join(tmpdir(), "bunraku-bundlers-"));
const browser = await chromium.launchPersistentContext(join(work, "profile"), {
  executablePath,
  headless: true,
  args,
});
let passed = 0;
let failed = 0;
const note = (what, problems) => {
  if (problems.length === 0) passed++;
  else failed++;
  console.log(`${problems.length === 0 ? "ok" : "FAILED"}  ${what}`);
  for (const problem of problems) console.error(`    ${problem}`);
};

/** What goes wrong when the page in `folder` is opened with these headers. */
async function problemsOf(folder, { thread, headers, expected }) {
  const problems = [];
  const { origin, stop } = await serve(folder, headers);
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
  const foreign = (request) => request.url().startsWith(origin) || problems.push(`request to ${request.url()}`);
  browser.on("request", foreign);
  try {
    await page.goto(`${origin}/?thread=${thread}`);
    await page.waitForFunction(() => globalThis.outcome !== undefined, undefined, { timeout: 60_000 });
    const outcome = await page.evaluate(() => globalThis.outcome);
    if (JSON.stringify(outcome) !== JSON.stringify(expected))
      problems.push(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(outcome)}`);
  } catch (error) {
    problems.push(`the page did not finish: ${error.message}`);
  } finally {
    browser.off("request", foreign);
    await page.close();
    stop();
  }
  return problems;
}

/** "3 scripts, 61 kB (gzip 22 kB); 1 wasm, 14240 kB (gzip 3660 kB)" */
function sizes(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());
  const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;
  const sum = (pattern, what) => {
    const bytes = files.filter((file) => pattern.test(file)).map((file) => readFileSync(file));
    const total = (size) => kilobytes(bytes.reduce((all, each) => all + size(each), 0));
    return `${bytes.length} ${what}, ${total((each) => each.length)} (gzip ${total((each) => gzipSync(each).length)})`;
  };
  return `${sum(/\.m?js$/, "scripts")}; ${sum(/\.wasm$/, "wasm")}`;
}

try {
  for (const [bundler, build] of Object.entries(builds)) {
    const folder = join(work, bundler);
    const problem = await build(folder).then(
      () => [],
      (error) => [error.message],
    );
    note(`${bundler}: builds${problem.length ? "" : `: ${sizes(folder)}`}`, problem);
    if (problem.length) continue;
    for (const each of cases) note(`${bundler}: ${each.name}`, await problemsOf(folder, each));
  }
} finally {
  await browser.close();
  await rm(work, { recursive: true, force: true });
}
console.log(`bundlers: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
