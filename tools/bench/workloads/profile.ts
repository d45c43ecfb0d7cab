import { createModel } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import type { BenchContext, Contest } from "../bench.ts";
import { median } from "../statistics.ts";
import { sourcePicture, temporaryFolder } from "./animate-clip.ts";
import { operatorTimes } from "./operator-times.ts";
import { Owned } from "./owned.ts";
import { PlainModel } from "./plain-model.ts";
import { type StageTimes, stageNames, timeStages } from "./stages.ts";
import type { System } from "./systems.ts";

/** The order in which a model loads its graphs. */
const graphNames = ["detector", "source", "frame"] as const;

/**
 * Where time goes: stages of plain and of ours, and on ours the kinds of operators of each graph.
 *
 * @param frames per run
 */
export async function profile(system: System, frames: number, { progress }: BenchContext): Promise<Contest> {
  await using owned = new Owned();
  const folder = owned.use(await temporaryFolder());
  const source = await sourcePicture();
  const plain = owned.use(await PlainModel.load(owned.use(await ortNode()), system));
  const { architecture, weights, ...options } = system;
  const graphs: Uint8Array[] = [];
  const backend = keepingGraphs(owned.use(await ortNode()), graphs);
  const model = owned.use(await createModel(backend, architecture, weights, options));
  progress("asking onnxruntime for the times of operators");
  const operators: (readonly [string, ReadonlyMap<string, number>])[] = [];
  for (const [i, graph] of graphs.entries()) operators.push([graphNames[i]!, await operatorTimes(graph, 5)]);
  const seen = { baseline: [] as StageTimes[], ours: [] as StageTimes[] };
  const side = (name: keyof typeof seen, of: typeof plain | typeof model) => async () => {
    const times = await timeStages(of, source, folder.file(`${name}.mp4`), frames);
    seen[name].push(times);
    return { ms: stageNames.reduce((sum, stage) => sum + times[stage], 0) };
  };
  const kept = owned.move();
  return {
    baseline: side("baseline", plain),
    ours: side("ours", model),
    findings() {
      const of = (stage: keyof StageTimes) => medianOf(seen.ours, stage);
      const all = stageNames.reduce((sum, stage) => sum + of(stage), 0);
      const around = of("decode") + of("convert") + of("encode");
      return `Decoding, converting and encoding are ${((100 * around) / all).toFixed(1)} % of a frame.`;
    },
    table: () => [...stageLines(seen), ...operators.flatMap(([name, times]) => operatorLines(name, times))].join("\n"),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

/** A backend that keeps a copy of each graph that it loads. */
function keepingGraphs(backend: Backend, graphs: Uint8Array[]): Backend {
  return {
    contract: 1,
    name: backend.name,
    warnings: backend.warnings,
    ...(backend.report && { report: backend.report }),
    load(model, options) {
      graphs.push(model.slice());
      return backend.load(model, options);
    },
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  };
}

const medianOf = (times: readonly StageTimes[], stage: keyof StageTimes) => median(times.map((each) => each[stage]));
const row = (...cells: string[]) =>
  `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(10))).join("")}`;

function stageLines({ baseline, ours }: { baseline: StageTimes[]; ours: StageTimes[] }): string[] {
  return [
    row("ms per frame", "plain", "ours", "share"),
    ...stageNames.map((stage) => {
      const all = stageNames.reduce((sum, each) => sum + medianOf(ours, each), 0);
      const [before, now] = [medianOf(baseline, stage), medianOf(ours, stage)];
      return row(stage, before.toFixed(2), now.toFixed(2), `${((100 * now) / all).toFixed(1)} %`);
    }),
  ];
}

function operatorLines(graph: string, times: ReadonlyMap<string, number>): string[] {
  const all = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const largest = [...times].sort(([, a], [, b]) => b - a).slice(0, 8);
  return [
    row(`${graph}: operators`, "", "ms", "share"),
    ...largest.map(([name, ms]) => row(name, "", ms.toFixed(2), `${((100 * ms) / all).toFixed(1)} %`)),
  ];
}
