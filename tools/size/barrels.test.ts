import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { barrelsOfStars } from "../../tsup.barrels.ts";

const outside: Plugin = {
  name: "outside",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ path, kind }) => (kind === "entry-point" ? undefined : { path, external: true })),
};

/** Builds modules file by file, as packages are built. */
async function built(modules: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "barrels-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(modules)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { outputFiles } = await build({
    entryPoints: Object.keys(modules).map((name) => join(folder, name)),
    outbase: folder,
    outdir: join(folder, "dist"),
    bundle: true,
    write: false,
    format: "esm",
    plugins: [outside, barrelsOfStars],
  });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  const dist = join(folder, "dist");
  return { dist, text: (name: string) => readFileSync(join(dist, name), "utf8") };
}

const modules = {
  "index.js": `export { one } from "./one.js"; export { first, second as two } from "./parts/many.js";`,
  "one.js": `export const one = 1;`,
  "parts/many.js": `export const first = "first"; export const second = "second"; export const third = "third";`,
};

test("a barrel is made of export *, and exports the names that its source exports", async () => {
  const { dist, text } = await built(modules);
  expect(text("index.js")).toBe('export * from "./one.js";\nexport * from "./index.2.js";\n');
  expect(text("index.2.js")).toBe('export { first, second as two } from "./parts/many.js";\n');
  expect({ ...(await import(join(dist, "index.js"))) }).toEqual({ one: 1, first: "first", two: "second" });
});

test("a module that does anything else than to re-export stays as it is", async () => {
  const { text } = await built({ ...modules, "index.js": `${modules["index.js"]} export const own = 3;` });
  expect(text("index.js")).toContain("own = 3");
  expect(text("index.js")).not.toContain("export *");
});

test("what a barrel exports for import() alone stays out of an application's first file", async () => {
  const { dist } = await built(modules);
  writeFileSync(join(dist, "package.json"), '{ "sideEffects": false }');
  writeFileSync(join(dist, "page.js"), `import { one } from "./index.js"; console.log(one, import("./later.js"));`);
  writeFileSync(join(dist, "later.js"), `import { first } from "./index.js"; console.log(first);`);
  const entryPoints = [join(dist, "page.js")];
  const bundling = {
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    outdir: "out",
    metafile: true,
  } as const;
  const { outputFiles, metafile } = await build({ ...bundling, entryPoints });
  const files = Object.entries(metafile.outputs);
  const page = files.find(([, { entryPoint }]) => entryPoint?.endsWith("page.js"))!;
  expect(page[1].imports.map(({ kind }) => kind)).toEqual(["dynamic-import"]);
  expect(outputFiles.find(({ text }) => text.includes("console.log(one"))!.text).not.toContain("first");
});
