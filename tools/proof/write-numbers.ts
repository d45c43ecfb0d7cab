// pnpm proof-numbers: writes packages/animate/src/proof/proof-numbers.ts, what a right backend gives for the proof models,
// as the reference computes it (sums in float64). A test holds the file to the golden fixtures of the same models.
import { writeFileSync } from "node:fs";
import { type ModelNumbers, StageRunner } from "@bunraku/animate/proof";
import { reference } from "@bunraku/backends/reference";
import { gridSampleOperator } from "@bunraku/warp/reference";

const target = new URL("../../packages/animate/src/proof/proof-numbers.ts", import.meta.url);

async function numbersOf(family: "fomm" | "monkey-net"): Promise<ModelNumbers> {
  await using backend = await reference({ operators: [gridSampleOperator] });
  await using runner = new StageRunner(backend, family);
  const detector = await runner.detector();
  return { detector, source: await runner.source(), frame: await runner.frame(detector) };
}

const families = ["fomm", "monkey-net"] as const;
const lines = [
  "// Written by `pnpm proof-numbers`; not by hand.",
  'import type { Family } from "@bunraku/checkpoints";',
  'import type { ModelNumbers } from "./stage-numbers.ts";',
  "",
  "/** What the proof models give, by family: see `StageRunner` for what is listed. */",
  "export const proofNumbers: Readonly<Record<Family, ModelNumbers>> = {",
];
for (const family of families) {
  lines.push(`  ${family === "fomm" ? family : JSON.stringify(family)}: {`);
  for (const [stage, fields] of Object.entries(await numbersOf(family))) {
    lines.push(`    ${stage}: {`);
    // Seven digits are what float32 has.
    for (const [field, numbers] of Object.entries(fields))
      lines.push(`      ${field}: [${numbers.map((value) => Number(value.toPrecision(7))).join(", ")}],`);
    lines.push("    },");
  }
  lines.push("  },");
}
writeFileSync(target, `${[...lines, "};"].join("\n")}\n`);
