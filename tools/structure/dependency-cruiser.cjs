// Which package may import which (ARCHITECTURE.md): dependencies point one way, and no module imports itself in a circle.
const mayUse = {
  backends: [],
  warp: ["backends"],
  checkpoints: ["backends"],
  media: ["backends"],
  keypoints: ["backends", "warp"],
  faces: ["backends", "warp"],
  motion: ["backends", "keypoints", "warp"],
  generator: ["backends", "warp"],
  animate: ["backends", "checkpoints", "generator", "keypoints", "motion", "warp"],
  "model-heads": ["animate", "backends", "warp"], // in its tests only: the package itself is files
  cli: ["animate", "backends", "checkpoints", "faces", "keypoints", "media", "model-heads", "motion", "warp"],
};

const directions = Object.entries(mayUse).map(([name, allowed]) => ({
  name: `${name}-uses-only-${allowed.join("-") || "nothing"}`,
  severity: "error",
  from: { path: `^packages/${name}/src` },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
}));

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "Circles of types alone are harmless: they are gone when the code runs.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-way-around-exports",
      comment: "A package reaches another by its name, never by a path into its sources.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/", pathNot: "^packages/$1/", dependencyTypes: ["local"] },
    },
    {
      name: "examples-by-name",
      comment: "An example uses packages as their users do.",
      severity: "error",
      from: { path: "^examples/" },
      to: { path: "^packages/", dependencyTypes: ["local"] },
    },
    {
      name: "browser-entries-without-node",
      comment: "What browsers import must not need Node.",
      severity: "error",
      from: {
        path: "^packages/(warp|keypoints|faces|motion|generator|animate)/src",
        pathNot: "\\.test\\.ts$|/testing(-pictures)?/",
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "unknown-package",
      comment: "A new package gets a row in mayUse.",
      severity: "error",
      from: { path: "^packages/", pathNot: `^packages/(${Object.keys(mayUse).join("|")})/` },
      to: {},
    },
    { name: "resolvable", severity: "error", from: { pathNot: "\\.test\\.ts$" }, to: { couldNotResolve: true } },
    ...directions,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules|files)/|tsup\\.config\\.ts$|\\.test-d\\.ts$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@bunraku/source", "import", "types", "node", "default"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".d.ts"],
    },
  },
};
