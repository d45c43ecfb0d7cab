// pnpm conformance [FILE.json…] [--backend NAME]: golden fixtures (all, when none is named) through the packages, one JSON line per
// file, mode and field. Exit 1 when a field is out of tolerance, 2 when it was called wrongly.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BunrakuError } from "@bunraku/backends";
import { backendNames, createBackend, tolerances } from "./backends.ts";
import { conformanceOf } from "./runners.ts";

const usage = `usage: pnpm conformance [FILE.json…] [--backend ${backendNames.join("|")}]`;

// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on("error", () => process.exit(1));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { backend: { type: "string", default: "ort-node" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help || !backendNames.includes(values.backend)) {
    console.error(
      values.help || backendNames.includes(values.backend)
        ? usage
        : `There is no backend "${values.backend}".\n${usage}`,
    );
    return values.help ? 0 : 2;
  }
  let failed = 0;
  for (const path of positionals.length > 0 ? positionals : await ownFixtures()) {
    const file = basename(path);
    try {
      const { notRun, rows: compare } = conformanceOf(JSON.parse(await readFile(path, "utf8")) ?? {});
      for (const part of notRun) console.error(`${file}: ${part} is not run.`);
      await using backend = await createBackend(values.backend);
      let rows = 0;
      for await (const row of compare(backend, tolerances[values.backend]!)) {
        console.log(JSON.stringify({ file, ...row }));
        rows++;
        if (!row.pass) failed++;
      }
      if (rows === 0) throw new BunrakuError("MODEL", "fixture: it has no modes to compare.");
    } catch (error) {
      console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      failed++;
    }
  }
  return failed > 0 ? 1 : 0;
}

/** The fixtures of this repository. */
async function ownFixtures(): Promise<string[]> {
  const folder = fileURLToPath(new URL("../../fixtures/golden/", import.meta.url));
  return (await readdir(folder)).filter((name) => name.endsWith(".json")).map((name) => join(folder, name));
}

process.exitCode = await main();
