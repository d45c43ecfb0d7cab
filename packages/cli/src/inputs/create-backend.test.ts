import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { createBackend } from "./create-backend.ts";

const { signal } = new AbortController();

test.each([
  [{}, "ort-node"],
  [{ backend: "ort-node", threads: 1 }, "ort-node"],
  [{ backend: "ort-web", threads: 1 }, "ort-web"],
  [{ backend: "reference" }, "reference"],
] as const)("%j is %s", async (choice, name) => {
  await using backend = await createBackend(choice, signal);
  expect(backend.name).toBe(name);
  if ("threads" in choice) expect(backend.report!.threads).toBe(1);
});

test("auto tells what it looked at", async () => {
  await using backend = await createBackend({ backend: "auto" }, signal);
  const candidates = backend.report!.candidates!;
  expect(candidates.filter(({ chosen }) => chosen)).toHaveLength(1);
  expect(candidates.map(({ name }) => name)).toContain("ort-node");
});

test.each(["webgpu", "reference"] as const)("threads are refused for %s, which has none", async (backend) => {
  await expect(createBackend({ backend, threads: 2 }, signal)).rejects.toThrow(
    expect.objectContaining({
      code: "OPTION",
      message: `--threads is for ort-node and ort-web; ${backend} has none. Leave it out.`,
    }),
  );
});

test("commands run on the backend that is named, and refuse one that is not there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bunraku-backend-"));
  try {
    const output = join(folder, "onnx");
    const { code, stdout } = await runCli(["export", "-o", output, "--backend", "ort-web", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).checked).toBe("onnxruntime");
    const wrong = await runCli(["export", "-o", output, "--backend", "cuda"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("Allowed choices are auto, ort-node, ort-web, webgpu, reference.");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
