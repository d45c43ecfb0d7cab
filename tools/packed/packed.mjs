// What users get: every package is packed, linted as a package, and used from an empty project, alone.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "bunraku-packed-"));
let passed = 0;
const failures = [];

function run(what, command, args, { cwd = root, env = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", ONNXRUNTIME_NODE_INSTALL: "skip", ...env },
  });
  if (status === 0) passed++;
  else failures.push(what);
  console.log(`${status === 0 ? "ok" : "FAILED"}  ${what}`);
  if (status !== 0)
    console.log([error?.message, stdout, stderr].filter(Boolean).join("\n").trim().split("\n").slice(-30).join("\n"));
  return status === 0;
}

/** Tarballs by package name. */
function packAll() {
  const tarballs = {};
  for (const folder of readdirSync(join(root, "packages"))) {
    const at = join(root, "packages", folder);
    if (!existsSync(join(at, "package.json"))) continue;
    const { name } = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
    const before = new Set(readdirSync(work));
    if (!run(`${name}: packs`, "pnpm", ["pack", "--pack-destination", work], { cwd: at })) continue;
    tarballs[name] = join(
      work,
      readdirSync(work).find((file) => file.endsWith(".tgz") && !before.has(file)),
    );
    run(`${name}: publint finds nothing`, "publint", ["run", tarballs[name], "--strict"]);
    run(`${name}: types resolve everywhere (attw)`, "attw", [
      tarballs[name],
      "--profile",
      "esm-only",
      "--format",
      "ascii",
    ]);
  }
  return tarballs;
}

/** The package and what it needs of this workspace. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const folder = name === "bunraku" ? "cli" : name.replace("@bunraku/", "");
  const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
  for (const dependency of Object.keys({ ...manifest.dependencies }))
    if (dependency.startsWith("@bunraku/")) closure(dependency, found);
  return found;
}

/** An empty project with one package of ours (and what that needs), and one program that uses it. */
function useAlone(tarballs, name, program, after) {
  const project = join(work, `use-${name.replace(/\W+/g, "-")}`);
  mkdirSync(project);
  const ours = Object.fromEntries([...closure(name)].map((each) => [each, `file:${tarballs[each]}`]));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module", dependencies: ours }),
  );
  if (
    !run(`${name} alone: installs with npm`, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: project,
    })
  )
    return;
  writeFileSync(join(project, "program.mjs"), plain(program));
  run(`${name} alone: its program runs`, process.execPath, ["program.mjs"], { cwd: project });
  checkTypes(project, name, program);
  after?.(project);
}

/** The same program under the type checker, as users have it: declarations checked too, no @types packages. */
function checkTypes(project, name, program) {
  writeFileSync(
    join(project, "program.mts"),
    program.replace(/^import assert.*$/m, "declare function assert(value: unknown, message?: string): void;"),
  );
  for (const resolution of ["NodeNext", "Bundler"]) {
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      target: "ES2022",
      lib: ["ES2022", "ESNext.Disposable", "DOM"],
      module: resolution === "Bundler" ? "ESNext" : "NodeNext",
      moduleResolution: resolution,
      types: [],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["program.mts"] }));
    run(`${name} alone: its types compile (${resolution})`, "tsc", ["-p", project]);
  }
}

const programs = {
  warp: `
import assert from "node:assert/strict";
import { tensor } from "@bunraku/backends";
import { gridSample, identityGrid } from "@bunraku/warp";
import { readKittiFlow, writeKittiFlow } from "@bunraku/warp/flow";
const image = tensor("float32", Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2]);
const same = gridSample(image, identityGrid({ height: 2, width: 2 }), { alignCorners: true });
assert([...same.data].join() === "1,2,3,4", "the identity returns the image");
const flow = tensor("float32", Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2] as const);
const { flow: again } = await readKittiFlow(await writeKittiFlow(flow));
assert([...again.data].join() === "1,2,3,4", "a flow is written and read");
`,
  keypoints: `
import assert from "node:assert/strict";
import { tensor } from "@bunraku/backends";
import { reference } from "@bunraku/backends/reference";
import { createFommDetector, fommDetectorSpecs } from "@bunraku/keypoints";
import { readLandmarks } from "@bunraku/keypoints/landmarks";
const config = { numKeypoints: 4, numChannels: 3, estimateJacobian: true, singleJacobianMap: false, temperature: 0.1, scaleFactor: 0.25, pad: 0, blockExpansion: 8, maxFeatures: 32, numBlocks: 3 };
const weights = new Map(fommDetectorSpecs(config).map(({ name, dims }) => {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return [name, tensor("float32", new Float32Array(size).fill(name.endsWith("running_var") ? 1 : 0.01), dims)] as const;
}));
await using backend = await reference();
await using detector = await createFommDetector(backend, config, weights, { height: 64, width: 64 });
const { points, jacobians } = await detector.detect(tensor("float32", new Float32Array(3 * 64 * 64).fill(0.5), [1, 3, 64, 64]));
assert(points.dims.join() === "4,2" && jacobians?.dims.join() === "4,2,2", "four points with jacobians");
const face = readLandmarks([[0, 0], [9, 0], [4, 4], [0, 9], [9, 9]], { layout: "face5", size: { width: 10, height: 10 } });
assert([...face.points.data.subarray(0, 4)].join() === "-1,-1,1,-1", "landmarks of another detector");
`,
  motion: `
import assert from "node:assert/strict";
import { tensor } from "@bunraku/backends";
import { closedFormDenseMotion, createMotionClip, dialMotion, encodeMotionClip, readMotionClip, transferMotion } from "@bunraku/motion";
const at = (...points: number[]) => ({ points: tensor("float32", Float32Array.from(points), [points.length / 2, 2] as const) });
const [source, start, end] = [at(0, 0, 0.5, 0), at(0, 0, 0.5, 0.5), at(0, 0.25, 0.5, 0.5)] as const;
const clip = readMotionClip(encodeMotionClip(createMotionClip({}, [{ timestamp: 0, keypoints: start }, { timestamp: 1, keypoints: end }])));
const moved = dialMotion(source, transferMotion(source, clip.frames[1]!.keypoints, start), { gain: 2 });
assert(moved.keypoints.points.data[1] === 0.5, "recorded motion, transferred and doubled");
const { flow } = closedFormDenseMotion(source, moved.keypoints, undefined, { height: 8, width: 8 });
assert(flow.dims.join() === "1,8,8,2", "a flow without a network");
`,
  checkpoints: `
import assert from "node:assert/strict";
import { tensor } from "@bunraku/backends";
import { bytesSource, loadWeights, readSafetensors, writeSafetensors } from "@bunraku/checkpoints";
const bytes = writeSafetensors([{ name: "w", tensor: tensor("float32", Float32Array.of(1, 2), [2]) }]);
const weights = await loadWeights((await readSafetensors(bytesSource(bytes, "w.safetensors"))).entries);
assert([...weights.get("w")!.data].join() === "1,2", "what was written is read");
`,
  bunraku: `
import assert from "node:assert/strict";
import { heads } from "@bunraku/model-heads";
import { openBundle } from "@bunraku/animate";
const bundle = await openBundle(heads);
assert(bundle.manifest.family === "fomm", "the default model comes along");
`,
};
/** `await using`, `as const` and `!` are for the type checker; Node 20 wants plain JavaScript. */
const plain = (program) =>
  program
    .replaceAll("await using ", "const ")
    .replaceAll(" as const", "")
    .replaceAll(")!.", ").")
    .replaceAll("]!.", "].")
    .replaceAll("(...points: number[])", "(...points)");

process.env.PATH = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
try {
  const tarballs = packAll();
  for (const short of ["warp", "keypoints", "motion", "checkpoints"]) {
    useAlone(tarballs, `@bunraku/${short}`, programs[short]);
  }
  useAlone(tarballs, "bunraku", programs.bunraku, (project) => {
    mkdirSync(join(project, "in"));
    cpSync(join(root, "samples"), join(project, "in"), { recursive: true });
    const args = [
      "bunraku",
      "animate",
      "in/portraits/head_07.png",
      "-d",
      "in/driving/nod.mp4",
      "-o",
      "out.mp4",
      "--duration",
      "0.5",
      "--json",
    ];
    run("bunraku alone: its command animates a picture", "npx", args, { cwd: project });
    if (!existsSync(join(project, "out.mp4")) || statSync(join(project, "out.mp4")).size < 2000)
      failures.push("bunraku alone: out.mp4");
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}

console.log(`packed: ${passed} passed, ${failures.length} failed`);
for (const failure of failures) console.error(`failed: ${failure}`);
process.exit(failures.length > 0 ? 1 : 0);
