// Makes a fresh clone ready: installs the workspace with the pinned pnpm, unless that was done for this lockfile already.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("..", import.meta.url);
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`bunraku needs Node 20.19 or newer; this is ${process.version}. Install a newer one from nodejs.org.`);
  process.exit(1);
}

const { packageManager } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const lock = readFileSync(new URL("pnpm-lock.yaml", root));
const fingerprint = createHash("sha256").update(lock).update(packageManager).digest("hex");
const stamp = new URL("node_modules/.bunraku-setup", root);

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== fingerprint) {
  console.error("Installing what bunraku needs (once) …");
  const { status, error } = spawnSync("npx", ["--yes", packageManager, "install", "--frozen-lockfile"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip", CI: process.env.CI ?? "true" },
  });
  if (error) console.error(`npx could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, fingerprint);
}
