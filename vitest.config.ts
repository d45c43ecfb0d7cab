import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

// One project per package (and one for the tools), so that `pnpm test --project warp` tests one package alone.
const packages = readdirSync("packages").filter((name) => existsSync(`packages/${name}/package.json`));
const conditions = ["@bunraku/source"];

export default defineConfig({
  test: {
    projects: [...packages.map((name) => ({ name, root: `packages/${name}` })), { name: "tools", root: "tools" }].map(
      ({ name, root }) => ({
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: conditions } },
        test: {
          name,
          root,
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          testTimeout: 60_000,
        },
      }),
    ),
  },
});
