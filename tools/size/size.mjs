// node tools/size/size.mjs [--json | --markdown] [--check] [--why NAME]: how much of a download each import of bunraku is.
// Reads the built packages: `turbo run build` comes first. --why names the sources behind one row, largest first.
import { parseArgs } from "node:util";
import { imports } from "./imports.mjs";
import { runtimeFiles } from "./runtime-files.mjs";
import { importTable, kilobytes, runtimeTable } from "./table.mjs";
import { weigh } from "./weigh.mjs";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    why: { type: "string" },
  },
});

const about =
  "1 KB is 1000 bytes. Each import was bundled alone from the built packages with esbuild (minified, ES2022, for browsers), " +
  "with the scripts of its workers; runtimes stay outside. What `import()` loads later is in the column lazy. " +
  "Ceilings are for gzip, without lazy files and runtimes.";

if (values.why !== undefined) await explain(values.why);
else await report();

async function report() {
  const results = [];
  for (const { name, ceiling, ...weighed } of imports) {
    const { own, lazy, runtimes } = await weighOrExit(name, weighed);
    results.push({ name, own, lazy, ceiling, runtimes: await Promise.all(runtimes.map(runtimeFiles)) });
  }
  if (values.json) console.log(JSON.stringify(results, undefined, 2));
  else if (values.markdown) {
    const generated = "<!-- Generated: node tools/size/size.mjs --markdown > docs/backends/sizes.md -->";
    const parts = [generated, "# Sizes", about, importTable(results), "## Runtimes", runtimeTable(results)];
    console.log(parts.join("\n\n"));
  } else console.log([importTable(results), runtimeTable(results), about].join("\n\n"));

  const heavy = results.filter(({ own, ceiling }) => own.gzip > (ceiling ?? Infinity));
  for (const { name, own, ceiling } of heavy) {
    const found = `${name}: ${kilobytes(own.gzip)} of gzip, ${kilobytes(own.gzip - ceiling)} over its ceiling`;
    console.error(`${found}. What it is made of: node tools/size/size.mjs --why ${JSON.stringify(name)}`);
  }
  if (values.check && heavy.length > 0) process.exitCode = 1;
}

/** From the sources, because the built packages have few files, with names that say nothing. */
async function explain(name) {
  const weighed = imports.find((one) => one.name === name);
  if (!weighed) {
    console.error(
      `size: there is no row ${JSON.stringify(name)}; there are:\n${imports.map((one) => one.name).join("\n")}`,
    );
    process.exit(1);
  }
  const { own, modules } = await weighOrExit(name, weighed, ["@bunraku/source"]);
  console.log(`${name}, bundled from the sources: ${kilobytes(own.gzip)} of gzip. Bytes, minified:`);
  for (const [module, bytes] of modules.slice(0, 40)) {
    console.log(`${String(bytes).padStart(7)}  ${module}`);
  }
}

async function weighOrExit(name, weighed, conditions) {
  try {
    return await weigh(weighed, conditions);
  } catch (error) {
    console.error(`size: ${name} cannot be bundled; were the packages built (turbo run build)? ${error.message}`);
    process.exit(1);
  }
}
