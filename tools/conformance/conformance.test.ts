import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const golden = join(root, "fixtures/golden/fomm_tiny_zero.json");

function conformance(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@bunraku/source", "--import", "tsx", "tools/conformance/main.ts", ...args],
    { cwd: root, encoding: "utf8" },
  );
  const rows = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { status, rows, stderr };
}

test.each(["ort-node", "reference"])("a golden fixture passes on %s, one line per mode and field", (backend) => {
  const { status, rows } = conformance(golden, "--backend", backend);
  expect(Object.keys(rows[0])).toEqual(["file", "mode", "field", "maxAbsError", "tolerance", "pass"]);
  expect(new Set(rows.map((row) => row.mode))).toEqual(
    new Set(["abs_ac1", "rel_ac1", "rel_adapt_ac1", "abs_ac0", "rel_ac0", "rel_adapt_ac0"]),
  );
  expect(rows.every((row) => row.pass && row.maxAbsError <= row.tolerance)).toBe(true);
  expect(status).toBe(0);
});

test("a number that is off by a thousandth fails its field, in its mode alone, and the run", () => {
  const folder = mkdtempSync(join(tmpdir(), "bunraku-golden-"));
  try {
    const changed = JSON.parse(readFileSync(golden, "utf8"));
    changed.rel_ac1.prediction[0][0] += 1e-3;
    writeFileSync(join(folder, "changed.json"), JSON.stringify(changed));
    const { status, rows } = conformance(join(folder, "changed.json"));
    const failed = rows.filter((row) => !row.pass);
    expect(failed.map(({ mode, field }) => [mode, field])).toEqual([["rel_ac1", "prediction"]]);
    expect(failed[0].maxAbsError).toBeCloseTo(1e-3, 4);
    expect(status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(["ort-node", "reference"])("thin-plate transforms, equivariance and pyramid pass on %s", (backend) => {
  const { status, rows, stderr } = conformance(join(root, "fixtures/golden/misc_fomm.json"), "--backend", backend);
  expect(rows.every((row) => row.pass)).toBe(true);
  expect(new Set(rows.map((row) => row.mode.replace(/_.*/, "")))).toEqual(new Set(["tps", "equivariance", "pyramid"]));
  expect(rows.length).toBe(2 + 2 * 2 + 1 + 4 * 3);
  expect(stderr).toBe("misc_fomm.json: disc is not run.\n");
  expect(status).toBe(0);
});

test("a file that is no fixture, and a backend that does not exist, are told apart from a failure of numbers", () => {
  const other = conformance(join(root, "package.json"));
  expect(other.stderr).toBe(
    "package.json: fixture: it holds no model (config, kp_source and modes are wanted); nothing to run.\n",
  );
  expect(other.status).toBe(1);
  const unknown = conformance(golden, "--backend", "abacus");
  expect(unknown.stderr).toContain('There is no backend "abacus".');
  expect(unknown.status).toBe(2);
});

test.each(["ort-node", "reference"])("Monkey-Net's models and its predictor pass on %s", (backend) => {
  const files = ["monkey_tiny.json", "misc_monkey.json"].map((name) => join(root, "fixtures/golden", name));
  const { status, rows, stderr } = conformance(...files, "--backend", backend);
  expect(stderr).toBe("misc_monkey.json: disc is not run.\n");
  const modes = ["abs", "rel", "rel_mult_clip", "rel_var"].flatMap((mode) => [`${mode}_ac1`, `${mode}_ac0`]);
  expect(new Set(rows.map(({ mode }) => mode))).toEqual(new Set([...modes, "predictor", "predictor_graph"]));
  expect(rows.every((row) => row.pass && row.maxAbsError <= row.tolerance)).toBe(true);
  expect(status).toBe(0);
});
