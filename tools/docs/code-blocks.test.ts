import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}docs/backends/`;
/** Where blocks pretend to be: beside the example that one page imports. */
const beside = `${root}examples/write-a-backend/`;
const blocks = readdirSync(folder)
  .filter((page) => page.endsWith(".md"))
  .flatMap((page) => blocksOf(page, readFileSync(`${folder}${page}`, "utf8")));

/** Blocks of TypeScript. Those with a file's name are pieces of that file, and checked with it. */
function blocksOf(page: string, text: string) {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    return {
      place: `${page}:${line}`,
      file: `${beside}${page}-${line}.ts`,
      code: `${match[1]}\nexport {};\n`,
    };
  });
}

test("there are blocks to check", () => {
  expect(blocks.length).toBeGreaterThan(10);
});

test("every block of TypeScript in the docs of backends compiles against the sources", () => {
  const { config } = ts.readConfigFile(`${root}tsconfig.base.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const lenient = { ...options, noUnusedLocals: false }; // they show how things are made, not what for
  const texts = new Map(blocks.map(({ file, code }) => [file, code]));
  const host = ts.createCompilerHost(lenient);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  const program = ts.createProgram([`${root}tools/docs/free-names.d.ts`, ...texts.keys()], lenient, host);
  const problems = blocks.flatMap(({ place, file }) => {
    const source = program.getSourceFile(file)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText, start = 0 }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `${place} + ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  });
  expect(problems).toEqual([]);
}, 120_000);
