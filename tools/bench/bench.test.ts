import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

function start(...args: string[]) {
  const child = spawn(
    process.execPath,
    ["--conditions=@bunraku/source", "--import", "tsx", "tools/bench/main.ts", ...args],
    { cwd: root },
  );
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
  });
  const end = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, ...said })),
  );
  return { child, said, end };
}

const fakes = ["--from", "tools/bench/testing/fake-benches"];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bunraku-bench-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a bench that fails is told, and fails the run; the others run and are written", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "results.json");
  const { code, stdout, stderr } = await start(...fakes, "--rounds", "3", "--json", file).end;
  expect(code).toBe(1);
  expect(stderr).toContain("fake/fails: failed: Error: there is no such model.");
  expect(stderr).toContain("fake/skipped: skipped: this machine is not from the future.");
  expect(stdout).toContain("fake/counts: 2.00× (2.00× to 2.00× in 3 pairs)");
  expect(stdout).toContain("\n  a table\n");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([
    {
      name: "fake/counts",
      baseline: "twice the time",
      ratioMedian: 2,
      ratioMin: 2,
      ratioMax: 2,
      ms: 30,
      baselineMs: 60,
      note: "Nothing is measured. Order: baseline ours baseline ours ours baseline baseline ours.",
    },
  ]);
  expect(readdirSync(folder)).toEqual(["results.json"]);
});

test("a filter takes the benches whose names contain it", async () => {
  const { code, stderr, stdout } = await start(...fakes, "counts", "--rounds", "1").end;
  expect(code).toBe(0);
  expect(stderr).toBe("fake/counts: disposed\n");
  expect(stdout).toContain("in 1 pair)");
});

test("no further pair begins when the seconds are over", async () => {
  const { stdout } = await start(...fakes, "counts", "--seconds", "0").end;
  expect(stdout).toContain("in 1 pair)");
});

test("a filter that matches nothing lists the names", async () => {
  const { code, stderr, stdout } = await start(...fakes, "counts", "abacus").end;
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    'bench: no name contains "abacus"; there are:\n  fake/fails\n  fake/counts\n  fake/skipped\n  fake/waits\n',
  );
});

test.each([
  [["--rounds", "0"], '--rounds: expected a whole number from 1, got "0".'],
  [["--seconds", "soon"], '--seconds: expected a number from 0, got "soon".'],
  [["--fast"], "'--fast'"],
])("%j is called wrongly", async (args, message) => {
  const { code, stderr } = await start(...fakes, ...args).end;
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test("an interruption disposes what was made, and writes what was measured", async () => {
  const file = join(temporaryFolder(), "results.json");
  const { child, said, end } = start(...fakes, "fake/counts", "fake/waits", "--rounds", "1", "--json", file);
  while (!said.stderr.includes("fake/waits: waiting")) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGINT");
  const { code, stderr } = await end;
  expect(code).toBe(130);
  expect(stderr).toMatch(/fake\/waits: disposed\nInterrupted after 1 of 2 benches\.\n$/);
  expect(JSON.parse(readFileSync(file, "utf8"))).toHaveLength(1);
});

test("every bench of this repository is listed, with what it compares with", async () => {
  const { code, stdout } = await start("--list").end;
  expect(code).toBe(0);
  const files = readdirSync(new URL("benches", import.meta.url));
  expect(stdout.trim().split("\n")).toHaveLength(files.length);
  expect(stdout).toContain("vox256/ort-node/exact: against the plain graphs");
});
