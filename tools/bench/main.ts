// pnpm bench [FILTER…]: each bench compares two things in one run, in turns, and prints how many times less ours takes.
// Exit 1 when a bench failed, 2 when it was called wrongly, 130 when it was interrupted.
import { rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Skipped } from "./bench.ts";
import { chooseBenches, findBenches } from "./find-benches.ts";
import { machine, outcomeLines } from "./report.ts";
import { type Result, runBench } from "./run-bench.ts";

const usage = `usage: pnpm bench [FILTER…] [options]

Runs the benches whose names contain a FILTER, or all of them.

  --rounds N    pairs of runs per bench, at most (default: 9)
  --seconds S   after which a bench begins no further pair (default: 30)
  --json FILE   writes an array of { name, baseline, ratioMedian, ratioMin, ratioMax, ms, baselineMs, note };
                a ratio is baseline / ours, above 1 where ours is faster
  --pytorch     with the original architecture in PyTorch as a baseline, where python3 has torch
  --list        prints names, and what each compares with what
  --from FOLDER benches of another folder
  --help        prints this
`;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => interruption.abort(new Error(`${name}: stopping when the run in work ends.`)));
// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on("error", () => process.exit(1));

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "9" },
      seconds: { type: "string", default: "30" },
      json: { type: "string" },
      pytorch: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      from: { type: "string", default: fileURLToPath(new URL("benches", import.meta.url)) },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const number = (name: "rounds" | "seconds", least: number) => {
    const value = Number(values[name]);
    if (values[name].trim() !== "" && value >= least && (name === "seconds" || Number.isInteger(value))) return value;
    throw new Error(
      `bench: --${name}: expected a ${name === "rounds" ? "whole " : ""}number from ${least}, got ${JSON.stringify(values[name])}.`,
    );
  };
  // `pnpm bench -- FILTER` hands the dashes through.
  return { ...values, filters: positionals, rounds: number("rounds", 1), seconds: number("seconds", 0) };
}

async function main(): Promise<number> {
  let asked: ReturnType<typeof readArguments>;
  let chosen: Awaited<ReturnType<typeof findBenches>>;
  try {
    asked = readArguments();
    if (asked.help) {
      process.stdout.write(usage);
      return 0;
    }
    const benches = await findBenches(asked.from);
    if (asked.list) {
      for (const { name, baseline, onRequest } of benches)
        console.log(`${name}: against ${baseline}${onRequest ? " (on request)" : ""}`);
      return 0;
    }
    chosen = chooseBenches(benches, asked.filters, asked.pytorch ? ["pytorch"] : []);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }

  console.log(machine());
  const results: Result[] = [];
  let failed = 0;
  for (const bench of chosen) {
    const progress = (what: string) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${bench.name}: ${what} …`);
    };
    const clear = () => process.stderr.isTTY && process.stderr.write("\r\u001b[2K");
    try {
      const outcome = await runBench(bench, asked, { signal: interruption.signal, progress });
      clear();
      console.log(`\n${outcomeLines(outcome)}`);
      results.push(outcome.result);
    } catch (error) {
      clear();
      if (interruption.signal.aborted) break;
      if (error instanceof Skipped) console.error(`\n${bench.name}: skipped: ${error.message}`);
      else {
        console.error(`\n${bench.name}: failed: ${(error as Error).stack ?? error}`);
        failed++;
      }
    }
  }
  if (asked.json !== undefined) await writeWhole(asked.json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (interruption.signal.aborted) {
    console.error(`Interrupted after ${results.length} of ${chosen.length} benches.`);
    return 130;
  }
  return failed > 0 ? 1 : 0;
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

process.exitCode = await main();
