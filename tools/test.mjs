// Runs every test once and closes with one line of counts. Skipped tests are named; a file whose tests were all skipped
// proves nothing, so it fails the run, and so does a run without tests.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const folder = mkdtempSync(join(tmpdir(), "bunraku-tests-"));
const report = join(folder, "report.json");
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
// `pnpm test -- --project warp` hands the dashes through, `npm test -- --project warp` does not.
const options = process.argv.slice(process.argv[2] === "--" ? 3 : 2);
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...options],
  { stdio: "inherit" },
);

let results;
try {
  results = JSON.parse(readFileSync(report, "utf8"));
} catch {
  console.error("The tests ended without a report.");
  process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

let allSkipped = 0;
for (const { name, assertionResults } of results.testResults) {
  const skipped = assertionResults.filter((test) => ["pending", "skipped", "todo", "disabled"].includes(test.status));
  for (const test of skipped) console.log(`skipped: ${relative(process.cwd(), name)}: ${test.fullName}`);
  if (assertionResults.length > 0 && skipped.length === assertionResults.length) {
    console.error(`${relative(process.cwd(), name)}: every test was skipped.`);
    allSkipped++;
  }
}
const { numPassedTests: passed, numFailedTests, numPendingTests = 0, numTodoTests = 0 } = results;
const failed = numFailedTests + allSkipped;
console.log(`${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
process.exit(status || (failed > 0 || passed === 0 ? 1 : 0));
