import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// One project per package (and one for the tools, one for the examples), so that `pnpm test --project warp` tests one
// package alone.
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const packages = readdirSync(at("packages")).filter((name) => existsSync(at(`packages/${name}/package.json`)));
const conditions = ["@bunraku/source"];
const inNode = [...conditions, "node"]; // a list of conditions takes the place of the usual ones

export default defineConfig({
  test: {
    projects: [
      ...packages.map((name) => ({ name, root: at(`packages/${name}`) })),
      { name: "tools", root: at("tools") },
      { name: "examples", root: at("examples") },
    ].map(({ name, root }) => ({
      resolve: { conditions },
      ssr: { resolve: { conditions: inNode, externalConditions: inNode } },
      test: {
        name,
        root,
        include: ["**/*.test.ts"],
        exclude: ["**/node_modules/**", "**/dist/**", "**/*.browser.test.ts"], // those: vitest.browser.config.ts
        testTimeout: 60_000,
      },
    })),
  },
});
