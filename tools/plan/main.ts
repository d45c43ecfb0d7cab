// pnpm plan: measures every form of every layer of the published configurations and of the default model, on each backend
// that plans are made for, and writes what was fastest into packages/backends/src/plan/measured.
import { writeFileSync } from "node:fs";
import { architectureOf, openBundle } from "@bunraku/animate";
import { proceduralWeights } from "@bunraku/animate/testing";
import { type Backend, tensor } from "@bunraku/backends";
import { type Graph, GraphBuilder, loadGraph } from "@bunraku/backends/onnx";
import { ortNode } from "@bunraku/backends/ort-node";
import { ortWeb } from "@bunraku/backends/ort-web";
import { measureLayers, planGraph } from "@bunraku/backends/plan";
import { type Family, officialConfigs } from "@bunraku/checkpoints";
import { heads } from "@bunraku/model-heads";

const folder = new URL("../../packages/backends/src/plan/measured/", import.meta.url);
interface Target {
  readonly constant: string;
  readonly create: () => Promise<Backend>;
  /** Configurations by name; others are like one of them. @default all */
  readonly configurations?: readonly string[];
}

const targets: Readonly<Record<string, Target>> = {
  "ort-node-cpu": { constant: "ortNodeCpu", create: () => ortNode() },
  // A tenth as fast, on one thread: the configurations that differ most will do.
  "ort-web-wasm": {
    constant: "ortWebWasm",
    create: () => ortWeb(),
    configurations: ["vox-256", "vox", "moving-gif"],
  },
};

function graphsOf(family: Family, modelParams: unknown, [height, width]: readonly [number, number]): Graph[] {
  const architecture = architectureOf(family, modelParams);
  const size = { height, width };
  const weights = (module: "generator" | "kp_detector") => proceduralWeights(module, architecture.specs[module]);
  return [
    architecture.detectorGraph(weights("kp_detector"), size),
    architecture.sourceGraph(weights("generator"), size),
    architecture.frameGraph(weights("generator"), { size, alignCorners: true }),
  ];
}

async function graphsFor(names?: readonly string[]): Promise<Graph[]> {
  const { manifest } = await openBundle(heads);
  const configurations = officialConfigs.filter(({ name }) => names?.includes(name) ?? true);
  const graphs = configurations.flatMap(({ family, modelParams, frameShape: [height, width] = [256, 256] }) =>
    graphsOf(family, modelParams, [height, width]),
  );
  // The default model as it is, and at the size that most pictures of heads are animated at.
  for (const size of [manifest.frameSize, [256, 256]] as const)
    graphs.push(...graphsOf(manifest.family, manifest.modelParams, size));
  return graphs;
}

/** Four convolutions with activations between: what chains are made of. */
function chain(): Graph {
  const g = new GraphBuilder("chain");
  const dims = [1, 256, 64, 64];
  let x = g.input("x", [1, 256, 1, 1]);
  x = g.node("Add", [x, g.floats(new Float32Array(256 * 64 * 64), dims)], dims);
  for (let i = 0; i < 4; i++) {
    const weight = g.floats(new Float32Array(256 * 256 * 9).fill(1e-3), [256, 256, 3, 3]);
    x = g.node("Relu", [g.node("Conv", [x, weight], dims, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })], dims);
  }
  g.output(g.node("ReduceMax", [x], [1, 1, 1, 1]), "y");
  return g.build();
}

/** Whether a chain takes less time as rows than as maps. */
async function rowsAreFaster(backend: Backend): Promise<boolean> {
  const layers = { "256>256 3x3 64x64": ["winograd4", 1, 2] } as const;
  const x = tensor("float32", new Float32Array(256), [1, 256, 1, 1]);
  const times = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const sessions = [];
  for (const rowsInChains of [false, true])
    sessions.push(await loadGraph(backend, planGraph(chain(), { where: "", rowsInChains, layers }).graph));
  for (let round = 0; round < 8; round++) {
    for (const [at, session] of sessions.entries()) {
      const begin = performance.now();
      await session.run({ x });
      times[at] = Math.min(times[at]!, performance.now() - begin);
    }
  }
  for (const session of sessions) await session[Symbol.asyncDispose]();
  console.error(`a chain of four: ${times[0]!.toFixed(1)} ms as maps, ${times[1]!.toFixed(1)} ms as rows`);
  return times[1]! < times[0]!;
}

const asked = process.argv.slice(2);
for (const [file, { constant, create, configurations }] of Object.entries(targets)) {
  if (asked.length > 0 && !asked.includes(file)) continue;
  await using backend = await create();
  const graphs = await graphsFor(configurations);
  const measured = await measureLayers(backend, graphs, {
    rounds: file === "ort-web-wasm" ? 3 : 7,
    onProgress: ({ loaded, total }) => console.error(`${file}: layer ${loaded + 1} of ${total}`),
  });
  const { runtime, providers, threads } = backend.report!;
  const where = [runtime, providers[0], ...(threads ? [`${threads} threads`] : [])].join(", ");
  const lines = Object.entries(measured).map(
    ([key, [form, milliseconds, plain]]) =>
      `    "${key}": ["${form}", ${milliseconds.toPrecision(3)}, ${plain.toPrecision(3)}],`,
  );
  const rowsInChains = await rowsAreFaster(backend);
  const measurements = `{\n  where: "${where}",\n  rowsInChains: ${rowsInChains},\n  layers: {\n${lines.join("\n")}\n  },\n}`;
  writeFileSync(
    new URL(`${file}.ts`, folder),
    `import type { Measurements } from "../measurements.ts";\n\n/** Written by \`pnpm plan\`. */\nexport const ${constant}: Measurements = ${measurements};\n`,
  );
}
