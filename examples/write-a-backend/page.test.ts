import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/backends/write-a-backend.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```ts \[(.+)\]\n([\s\S]*?)\n```$/gm)].map(([, file, code]) => ({
  file,
  code: code!,
}));

test("the page has blocks of these files", () => {
  const files = ["messages.ts", "serve.ts", "ask.ts", "remote.ts", "worker.ts"];
  expect([...new Set(blocks.map(({ file }) => file))]).toEqual(files);
});

test.each(["messages.ts", "serve.ts", "ask.ts", "remote.ts", "worker.ts"])("it shows all of %s, in order", (name) => {
  let rest = readFileSync(new URL(name, import.meta.url), "utf8");
  for (const { code } of blocks.filter(({ file }) => file === name)) {
    const begin = rest.indexOf(code);
    expect(begin, `not in the file, or not here:\n${code}`).toBeGreaterThanOrEqual(0);
    expect(rest.slice(0, begin).trim(), "left out").toBe("");
    rest = rest.slice(begin + code.length);
  }
  expect(rest.trim(), "left out").toBe("");
});
