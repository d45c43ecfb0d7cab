import type { Graph, GraphNode, GraphPiece, GraphValue, Initializer } from "../onnx/graph.ts";
import type { GpuKernel, KernelPlan, KernelSite } from "./kernel.ts";
import { fitsGraph } from "./piece-fits.ts";

/** A part of a graph that a runtime does: a graph of its own, between kernels. */
export interface GraphStep {
  readonly graph: Graph;
  /** Whether the runtime must do it on wasm, because what it does on the device is wrong. */
  readonly onWasm?: true;
}

/** A part of a graph that a kernel does. */
export interface KernelStep {
  readonly kernel: GpuKernel;
  readonly plan: KernelPlan;
  /** Names of values, "" where an input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly GraphValue[];
}

export type Step = GraphStep | KernelStep;

/** A graph as steps in running order. */
export interface Partition {
  readonly steps: readonly Step[];
  /** Where each output of the graph comes from: the name of a value that a step gives, of an input or of a constant. */
  readonly sources: ReadonlyMap<string, string>;
  /** Constants that kernels read. */
  readonly constants: readonly Initializer[];
}

/**
 * Cuts a graph where kernels stand: what they can do becomes steps of theirs, all between becomes graphs of its own.
 *
 * Nodes run as early as they can, in as few graphs as the kernels allow. A graph whose inner values have no known dims
 * (another exporter's) cannot be cut and stays whole.
 *
 * @param onWasm operators and kinds of pieces that become graphs of their own, for wasm; none of them has a kernel here
 */
export function partition(
  graph: Graph,
  kernels: readonly GpuKernel[],
  onWasm: ReadonlySet<string> = new Set(),
): Partition {
  const known = new Map<string, GraphValue>(
    [...graph.inputs, ...(graph.values ?? []), ...graph.outputs, ...graph.initializers].map((value) => [
      value.name,
      value,
    ]),
  );
  const constants = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]));
  const { alias, nodes } = withoutIdentities(graph);
  const cuttable = nodes.every(({ outputs }) => outputs.every((name) => known.has(name)));
  const sites = cuttable ? findSites({ graph, nodes, alias, known, constants }, kernels, onWasm) : [];
  if (sites.length === 0) return whole(graph, onWasm);
  const units = unitsOf(nodes, sites);

  // A unit's stage: a graph of stage s runs before the kernels of stage s, and after those of all before.
  const stageOf = new Map<string, { stage: number; bySite: boolean }>();
  const stages: { nodes: GraphNode[]; sites: Site[] }[] = [];
  for (const unit of units) {
    const isSite = "nodes" in unit;
    let stage = 0;
    for (const name of unit.inputs) {
      const from = stageOf.get(alias(name));
      if (from) stage = Math.max(stage, from.stage + (from.bySite && !isSite ? 1 : 0));
    }
    for (const name of unit.outputs) stageOf.set(name, { stage, bySite: isSite });
    while (stages.length <= stage) stages.push({ nodes: [], sites: [] });
    if (isSite) stages[stage]!.sites.push(unit);
    else stages[stage]!.nodes.push(unit);
  }

  const sources = new Map(graph.outputs.map(({ name }) => [name, alias(name)]));
  const wanted = wantedOutside(stages, new Set(sources.values()), alias);
  const cut = (own: readonly GraphNode[], outside: ReadonlySet<string>, at: string) =>
    subgraph({ graph, nodes: own, alias, known, constants }, outside, at);
  const steps = stages.flatMap(({ nodes: own, sites: done }, stage): Step[] => [
    ...(own.length > 0 ? [{ graph: cut(own, wanted(stage), `${stage}`) }] : []),
    ...done.map(({ kernel, plan, nodes: names, inputs, outputs }, at): Step => {
      if (!kernel) {
        const inside = nodes.filter(({ name }) => names.includes(name));
        return { graph: cut(inside, new Set(outputs), `${stage}_${at}`), onWasm: true };
      }
      return { kernel, plan: plan!, inputs: inputs.map(alias), outputs: outputs.map((name) => known.get(name)!) };
    }),
  ]);
  const read = new Set(steps.flatMap((step) => ("kernel" in step ? step.inputs : [])));
  return { steps, sources, constants: graph.initializers.filter(({ name }) => read.has(name)) };
}

/** A graph that cannot be cut runs on wasm if anything in it must. */
function whole(graph: Graph, onWasm: ReadonlySet<string>): Partition {
  const ops = [...graph.nodes.map(({ op }) => op), ...(graph.pieces ?? []).map(({ kind }) => kind)];
  const step: GraphStep = ops.some((op) => onWasm.has(op)) ? { graph, onWasm: true } : { graph };
  return { steps: [step], sources: new Map(graph.outputs.map(({ name }) => [name, name])), constants: [] };
}

/** Where a kernel stands; without one, where wasm does. */
interface Site {
  readonly kernel?: GpuKernel;
  readonly plan?: KernelPlan;
  readonly nodes: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** An output is often another value by another name: no step is needed for that. */
function withoutIdentities(graph: Graph): { alias: (name: string) => string; nodes: readonly GraphNode[] } {
  const aliases = new Map<string, string>();
  const nodes = graph.nodes.filter((node) => {
    if (node.op !== "Identity") return true;
    const [from] = node.inputs as [string];
    aliases.set(node.outputs[0]!, aliases.get(from) ?? from);
    return false;
  });
  return { alias: (name) => aliases.get(name) ?? name, nodes };
}

/** A graph, or nodes of it, and what is known of its values. */
interface Known {
  readonly graph: Graph;
  readonly nodes: readonly GraphNode[];
  readonly alias: (name: string) => string;
  readonly known: ReadonlyMap<string, GraphValue>;
  readonly constants: ReadonlyMap<string, Initializer>;
}

/** Where kernels stand: pieces first, then single nodes outside them. */
function findSites(
  { graph, nodes, alias, known, constants }: Known,
  kernels: readonly GpuKernel[],
  onWasm: ReadonlySet<string>,
): readonly Site[] {
  const byOp = new Map(kernels.map((kernel) => [kernel.op, kernel]));
  const sites: Site[] = [];
  const taken = new Set<string>();
  const offer = (op: string, part: Omit<GraphPiece, "kind">) => {
    if (part.nodes.some((name) => taken.has(name))) return;
    const { nodes: names, inputs, outputs } = part;
    const kernel = byOp.get(op);
    const site = kernel && siteOf(part, alias, known, constants);
    const plan = site && kernel.plan(site);
    if (plan) sites.push({ kernel, plan, nodes: names, inputs, outputs });
    else if (onWasm.has(op)) sites.push({ nodes: names, inputs, outputs });
    else return;
    for (const name of names) taken.add(name);
  };
  for (const piece of graph.pieces ?? []) if (fitsGraph(piece, graph)) offer(piece.kind, piece);
  for (const { op, name, inputs, outputs, attributes } of nodes)
    offer(op, { inputs, outputs, attributes, nodes: [name] });
  return sites;
}

/** `undefined` when a value's dims are not known, or it is neither float32 nor a constant. */
function siteOf(
  { inputs, outputs, attributes }: Pick<GraphPiece, "inputs" | "outputs" | "attributes">,
  alias: (name: string) => string,
  known: ReadonlyMap<string, GraphValue>,
  constants: ReadonlyMap<string, Initializer>,
): KernelSite | undefined {
  const atSite = (name: string) => {
    const value = known.get(name);
    const constant = constants.get(name)?.data;
    if (!value || !(value.type === "float32" || constant)) return undefined;
    return { dims: value.dims, ...(constant && { constant }) };
  };
  const given = inputs.map((name) => (name === "" ? undefined : (atSite(alias(name)) ?? "unknown")));
  const made = outputs.map((name) => atSite(name) ?? "unknown");
  if (given.includes("unknown") || made.includes("unknown")) return undefined;
  return { inputs: given, outputs: made, attributes } as KernelSite;
}

/** Nodes and sites in running order; a site stands where its first node stood. */
function unitsOf(nodes: readonly GraphNode[], sites: readonly Site[]): readonly (GraphNode | Site)[] {
  const siteOfNode = new Map(sites.flatMap((site) => site.nodes.map((name) => [name, site] as const)));
  const units = new Set<GraphNode | Site>();
  for (const node of nodes) units.add(siteOfNode.get(node.name) ?? node);
  return [...units];
}

/** Per stage, the values that its graph must hand out: others' inputs and outputs of the whole. */
function wantedOutside(
  stages: readonly { nodes: readonly GraphNode[]; sites: readonly Site[] }[],
  outputs: ReadonlySet<string>,
  alias: (name: string) => string,
): (stage: number) => ReadonlySet<string> {
  return (stage) => {
    const wanted = new Set(outputs);
    for (const [at, { nodes, sites }] of stages.entries()) {
      if (at !== stage) for (const { inputs } of nodes) for (const name of inputs) wanted.add(alias(name));
      for (const { inputs } of sites) for (const name of inputs) wanted.add(alias(name));
    }
    return wanted;
  };
}

function subgraph({ graph, nodes, alias, known, constants }: Known, outside: ReadonlySet<string>, at: string): Graph {
  const renamed = nodes.map((node) => ({ ...node, inputs: node.inputs.map(alias) }));
  const made = new Set(renamed.flatMap((node) => node.outputs));
  const read = new Set(renamed.flatMap((node) => node.inputs).filter((name) => name !== ""));
  return {
    name: `${graph.name}_${at}`,
    nodes: renamed,
    initializers: [...read].flatMap((name) => constants.get(name) ?? []),
    inputs: [...read].filter((name) => !made.has(name) && !constants.has(name)).map((name) => valueNamed(known, name)),
    outputs: [...made].filter((name) => outside.has(name)).map((name) => valueNamed(known, name)),
    values: [...made].flatMap((name) => known.get(name) ?? []),
  };
}

function valueNamed(known: ReadonlyMap<string, GraphValue>, name: string): GraphValue {
  const { type, dims } = known.get(name)!;
  return { name, type, dims };
}
