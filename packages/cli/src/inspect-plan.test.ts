import { writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { officialConfig } from "@bunraku/checkpoints";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./testing/run-cli.ts";

const heads = fileURLToPath(new URL("../../model-heads/files/", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bunraku-plan-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("inspect --plan says for each convolution of a bundle which form it gets, and by what", async () => {
  const { code, stdout } = await runCli(["inspect", heads, "--plan"]);
  expect(code).toBe(0);
  expect(stdout).toContain("plan for ort-node, by what was measured with onnxruntime-node");
  expect(stdout).toMatch(/32>3 7x7 64x64 +19 M products +kernel-rows +[\d.]+ ms in place of [\d.]+\n/);
});

test("with --json the plan is data, and --backend chooses whose", async () => {
  const { stdout } = await runCli(["inspect", heads, "--plan", "--backend", "ort-web", "--json"]);
  const { plan } = JSON.parse(stdout);
  expect(plan.backend).toBe("ort-web");
  expect(plan.plans.map(({ graph }: { graph: string }) => graph)).toEqual([
    "fomm_keypoint_detector",
    "fomm_source",
    "fomm_frame",
  ]);
  for (const { layers } of plan.plans) {
    expect(layers.length).toBeGreaterThan(0);
    for (const layer of layers) expect(layer).toMatchObject({ layer: expect.any(String), form: expect.any(String) });
  }
});

test("a file that holds no model has no plan, and --backend alone means nothing", async () => {
  const clip = join(folder, "words.txt");
  await writeFile(clip, "words");
  const none = await runCli(["inspect", clip, "--plan"]);
  expect(none.code).not.toBe(0);
  expect(none.stderr).toContain("--plan: wanted a bundle or a configuration");
  const alone = await runCli(["inspect", heads, "--backend", "ort-web"]);
  expect(alone.code).not.toBe(0);
  expect(alone.stderr).toContain("--backend: inspect runs on none; it chooses whose --plan is shown.");
});

test("a detector that stays as it is has no plan", async () => {
  const covariances = await runCli(["inspect", configOf("vox"), "--plan", "--json"]);
  expect(graphsOf(covariances.stdout)).toEqual(["monkey_net_source", "monkey_net_frame"]);
  const jacobians = await runCli(["inspect", configOf("vox-256"), "--plan", "--json"]);
  expect(graphsOf(jacobians.stdout)[0]).toBe("fomm_keypoint_detector");
});

const graphsOf = (stdout: string) => JSON.parse(stdout).plan.plans.map(({ graph }: { graph: string }) => graph);

/** An official configuration as a file: YAML reads JSON. */
function configOf(name: string): string {
  const { modelParams } = officialConfig(name);
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, JSON.stringify({ model_params: modelParams }));
  return path;
}
