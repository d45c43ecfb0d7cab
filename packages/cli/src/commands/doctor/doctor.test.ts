import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../testing/run-cli.ts";
import type { BackendDiagnosis, DoctorReport } from "./doctor-report.ts";
import { withoutHome } from "./without-home.ts";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const program = ["--conditions=@bunraku/source", "--import", "tsx", main];
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-doctor-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sound: BackendDiagnosis = {
  name: "ort-node",
  available: true,
  works: true,
  runtime: "onnxruntime-node 1.30.0",
  providers: ["cpu"],
  precision: "float32",
  warnings: [],
  checks: { passed: 36, failed: [], milliseconds: 80 },
};

/** A program that answers for probes, by name; JavaScript that may do anything. */
async function actor(name: string, probes: Record<string, string>): Promise<string[]> {
  const script = join(folder, `${name}.mjs`);
  const cases = Object.entries(probes).map(([probe, body]) => `${JSON.stringify(probe)}: () => { ${body} },`);
  await writeFile(
    script,
    `const probe = process.argv[process.argv.indexOf("--probe") + 1];
     const tell = (found) => process.stdout.write(JSON.stringify(found) + "\\n");
     ({ ${cases.join("\n")} })[probe]?.();`,
  );
  return [script];
}
const hang = "setInterval(() => undefined, 1000);";
const doctor = (restart: readonly string[], ...args: string[]) =>
  runCli(["doctor", ...args], new AbortController().signal, restart);

test("this machine's onnxruntime works, and JSON says so with the keys that are promised", async () => {
  const { code, stdout, stderr } = await doctor(program, "--json", "--backend", "ort-node");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  const report = JSON.parse(stdout) as DoctorReport;
  expect(Object.keys(report)).toEqual(["version", "node", "system", "backends", "codecs", "model", "works"]);
  expect(report).toMatchObject({ version: "0.0.0-test", node: process.versions.node, works: true });
  expect(report.system).toMatchObject({ cores: expect.any(Number), memoryBytes: expect.any(Number) });
  const [backend] = report.backends;
  expect(backend).toMatchObject({
    name: "ort-node",
    available: true,
    works: true,
    providers: ["cpu"],
    precision: "float32",
  });
  expect(backend!.runtime).toMatch(/^onnxruntime-node \d/);
  expect(backend!.checks.failed).toEqual([]);
  expect(backend!.checks.passed).toBeGreaterThan(30); // operators, and six graphs of two models
  expect(backend!.checks.milliseconds).toBeGreaterThan(0);
  expect(report.codecs.map(({ name }) => name)).toEqual(["node-av", "ffmpeg"]);
  expect(report.codecs[0]).toMatchObject({ available: true, encoders: expect.arrayContaining(["libx264"]) });
  expect(report.model).toEqual({ available: true, name: expect.stringContaining("heads") });
});

test("a backend that aborts, one that hangs and one that is missing end nothing but themselves", async () => {
  const restart = await actor("mixed", {
    "ort-node": `tell(${JSON.stringify(sound)});`,
    "ort-web": hang,
    webgpu: 'console.error("terminate called"); process.abort();',
    reference: "process.exit(3);",
    auto: 'tell({ chosen: "ort-node", candidates: [{ name: "webgpu", chosen: false, reason: "There is no adapter." }] });',
  });
  const { code, stdout, stderr } = await doctor(restart, "--limit", "2");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("  works   ort-node: onnxruntime-node 1.30.0; cpu; 36 checks passed, 80 ms\n");
  expect(stdout).toContain("  no      ort-web: It did not answer within 2 seconds. Give it longer: --limit.\n");
  expect(stdout).toMatch(/ {2}no {6}webgpu: It did not answer: its process ended with SIGABRT, saying: .+\n/);
  expect(stdout).toContain("  no      reference: It did not answer: its process ended with 3\n");
  expect(stdout).toContain("--backend auto takes ort-node:\n  webgpu: There is no adapter.\n");
  expect(stdout).toContain("  no      ffmpeg: It did not answer: its process ended with 0\n");
});

test("what a native library prints before the answer is no matter, and an answer is taken from one that hangs then", async () => {
  const restart = await actor("noisy", {
    "ort-node": `console.log("Warning: {no driver}"); tell(${JSON.stringify(sound)}); ${hang}`,
  });
  const begin = performance.now();
  const { code } = await doctor(restart, "--backend", "ort-node", "--json", "--limit", "50");
  expect(code).toBe(0);
  expect(performance.now() - begin).toBeLessThan(20_000);
});

test("a backend with wrong numbers fails with its figures; when none works the exit code is 1", async () => {
  const check = { kind: "graph", form: "ort", pass: false, tolerance: 0.0005, milliseconds: 9 };
  const failed = [
    { ...check, name: "fomm frame", maxAbsError: 0.31, problem: "differs in prediction by 0.31 (allowed: 0.0005)" },
    { ...check, name: "exp", maxAbsError: 0.0123 },
    { ...check, name: "tanh", maxAbsError: null },
  ];
  const wrong = { ...sound, works: false, checks: { passed: 33, failed, milliseconds: 80 } };
  const restart = await actor("wrong", { "ort-node": `tell(${JSON.stringify(wrong)});` });
  const { code, stdout, stderr } = await doctor(restart, "--backend", "ort-node");
  expect([code, stderr]).toEqual([1, ""]);
  expect(stdout).toContain("  FAILED  ort-node: onnxruntime-node 1.30.0; cpu; 33 checks passed, 3 failed, 80 ms\n");
  expect(stdout).toContain("          fomm frame: differs in prediction by 0.31 (allowed: 0.0005)\n");
  expect(stdout).toContain("          exp: differs by 0.012 (allowed: 0.0005)\n");
  expect(stdout).toContain("          tanh: differs by what is no number (allowed: 0.0005)\n");
  const json = await doctor(restart, "--backend", "ort-node", "--json");
  expect([json.code, JSON.parse(json.stdout).works]).toEqual([1, false]);
});

test("an interruption ends the process that is waited for, and the command", async () => {
  const restart = await actor("waiting", { "ort-node": hang });
  const controller = new AbortController();
  const done = runCli(["doctor", "--backend", "ort-node"], controller.signal, restart);
  setTimeout(() => controller.abort(new Error("Interrupted.")), 500);
  const { code, stdout } = await done;
  expect([code, stdout]).toEqual([130, ""]);
});

test("no personal path is shown", async () => {
  const restart = await actor("home", {
    "ort-node": `tell({ ...${JSON.stringify(sound)}, available: false, works: false, problem: ${JSON.stringify(`cannot read ${homedir()}/secret.so`)} });`,
  });
  const { stdout } = await doctor(restart, "--backend", "ort-node");
  expect(stdout).toContain("  no      ort-node: cannot read ~/secret.so\n");
});

test("the home directory is ~ in all texts, and paths that begin alike stay", () => {
  const report = { at: "/home/ada/x", list: ["see /home/ada, /home/adam"], count: 1, none: null };
  expect(withoutHome(report, "/home/ada")).toEqual({ at: "~/x", list: ["see ~, /home/adam"], count: 1, none: null });
  expect(withoutHome("/x", "/")).toBe("/x");
});

test("a backend that is none, and a probe that is none, are refused", async () => {
  expect((await doctor(program, "--backend", "cuda")).code).toBe(2);
  const { code, stderr } = await doctor(program, "--probe", "cuda");
  expect([code, stderr]).toEqual([2, 'error: doctor: there is nothing called "cuda" to look at.\n']);
});

test("where the program cannot be started again, it looks in this process", async () => {
  const { code, stdout } = await runCli(["doctor", "--backend", "reference", "--json"]);
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as DoctorReport).backends[0]).toMatchObject({ name: "reference", works: true });
});
