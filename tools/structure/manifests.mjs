// Every package looks alike: what a reader, a bundler and npm expect is there, and nothing names a registry.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const problems = [];
const licence = "MIT";
for (const folder of readdirSync("packages")) {
  const at = `packages/${folder}`;
  if (!existsSync(`${at}/package.json`)) continue;
  const manifest = JSON.parse(readFileSync(`${at}/package.json`, "utf8"));
  const expect = (claim, holds) => holds || problems.push(`${at}: ${claim}`);
  expect("package.json has a description", manifest.description?.length > 20);
  expect(`license is ${licence}`, manifest.license === licence);
  expect("type is module", manifest.type === "module");
  // A worker's script is imported for what it does; nothing else is.
  const workers = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    subpath.endsWith("/worker") ? [target.default, target["@bunraku/source"]] : [],
  );
  expect(
    workers.length > 0 ? `sideEffects are those of ${workers.join(" and ")}` : "sideEffects is false",
    JSON.stringify(manifest.sideEffects) === JSON.stringify(workers.length > 0 ? workers : false),
  );
  expect("engines.node is >=20.19", manifest.engines?.node === ">=20.19");
  expect("there is a README.md", existsSync(`${at}/README.md`));
  const checkTarget = (subpath, target) => {
    const keys = Object.keys(target).join(" ");
    if (keys === "node default") {
      // One file for Node, another for all others.
      for (const condition of ["node", "default"]) checkTarget(`${subpath}, ${condition}`, target[condition]);
      return;
    }
    expect(
      `exports["${subpath}"] has source, types and default, in this order, or node and default that do`,
      keys === "@bunraku/source types default",
    );
    expect(`exports["${subpath}"] has its source`, existsSync(`${at}/${target["@bunraku/source"]}`));
    const stem = target["@bunraku/source"]?.replace("./src/", "./dist/").replace(/\.ts$/, "");
    expect(
      `exports["${subpath}"] builds to where it points`,
      target.default === `${stem}.js` && target.types === `${stem}.d.ts`,
    );
  };
  for (const [subpath, target] of Object.entries(manifest.exports))
    if (typeof target !== "string") checkTarget(subpath, target);
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    expect(
      `${name} of this workspace is a workspace dependency`,
      !name.startsWith("@bunraku/") || range === "workspace:^",
    );
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log("Package manifests agree with the house rules.");
