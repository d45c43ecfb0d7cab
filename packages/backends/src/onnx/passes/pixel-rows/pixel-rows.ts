import type { Graph, GraphNode } from "../../graph.ts";
import { type ConvSite, convSites } from "../conv-forms/conv-site.ts";
import { GraphConstants } from "../conv-forms/graph-constants.ts";
import type { TileSide } from "../winograd/transforms.ts";
import { fitsWinograd } from "../winograd/winograd.ts";
import { withoutUnused } from "../without-unused.ts";
import { wantedAsRows } from "./chains.ts";
import { rowsWinograd, rowsWinogradToMap } from "./rows-winograd.ts";
import { RowsWriter } from "./rows-writer.ts";

/**
 * Writes 3×3 convolutions by minimal filtering on matrices of pixels by channels, and what lies between them, too: the
 * pixels stay in the order in which tiles give them, until something wants a map.
 *
 * Same output, up to rounding. On CPUs this is the fastest form of long chains of such convolutions.
 *
 * @param graph borrowed; arrays that do not change are shared with the result
 * @param choose The side of a convolution's tiles; `undefined` leaves it as it is.
 */
export function pixelRows(graph: Graph, choose: (site: ConvSite) => TileSide | undefined): Graph {
  const chosen = new Map<GraphNode, readonly [ConvSite, TileSide]>();
  const skipped = new Set<GraphNode>();
  for (const site of convSites(graph)) {
    const side = fitsWinograd(site) ? choose(site) : undefined;
    if (!side) continue;
    chosen.set(site.conv, [site, side]);
    if (site.upsampling) skipped.add(site.upsampling);
  }
  if (chosen.size === 0) return graph;
  const constants = new GraphConstants(graph.initializers);
  const known = [...graph.inputs, ...(graph.values ?? [])];
  const dims = new Map(known.map((value) => [value.name, value.dims]));
  const inPieces = new Set(graph.pieces?.flatMap(({ nodes }) => nodes));
  const wanted = wantedAsRows(
    graph,
    [...chosen.values()].map(([site]) => site),
  );
  const writer = new RowsWriter(
    dims,
    constants,
    [...graph.inputs, ...graph.initializers].map(({ name }) => name),
  );
  for (const node of graph.nodes) {
    if (skipped.has(node)) continue;
    const site = chosen.get(node);
    const output = node.outputs[0]!;
    if (site && wanted.has(output)) writer.addRows(output, rowsWinograd(...site, writer));
    else if (site) rowsWinogradToMap(...site, writer);
    else if (inPieces.has(node.name) || !asRows(node, wanted.has(output), writer)) writer.copy(node);
  }
  const values = new Map([...(graph.values ?? []), ...writer.values].map((value) => [value.name, value]));
  return withoutUnused({
    ...graph,
    nodes: writer.nodes,
    initializers: constants.all(),
    values: [...values.values()],
  });
}

/** Does a node on rows where its inputs stand so, and not only one of them unless rows are wanted; says whether it did. */
function asRows(node: GraphNode, isWanted: boolean, writer: RowsWriter): boolean {
  const [a, b] = node.inputs as [string, string?];
  const output = node.outputs[0]!;
  const name = `${output}.as_rows`;
  if (node.op === "Relu" && writer.isRows(a)) {
    const x = writer.rows(a);
    writer.node("Relu", name, [x.name], [x.order.rows, x.channels]);
    writer.addRows(output, { ...x, name });
    return true;
  }
  if ((node.op === "Add" || node.op === "Mul") && b !== undefined) {
    const [map, other] = writer.isRows(a) ? [a, b] : [b, a];
    if (!writer.isRows(map)) return false;
    const order = writer.orderOf(map)!;
    const factor = perChannel(other, writer.dimsOf(map)[1]!, writer);
    const same = `${writer.dimsOf(map)}` === `${writer.dimsOf(other)}`;
    if (!factor && !(same && (isWanted || writer.isRows(other)))) return false;
    const x = writer.rows(map, order);
    const y = factor ?? writer.rows(other, order).name;
    writer.node(node.op, name, [x.name, y], [order.rows, x.channels]);
    writer.addRows(output, { ...x, name });
    return true;
  }
  return false;
}

/** A constant `[C, 1, 1]` as `[C]`, which is what it is beside rows. */
function perChannel(name: string, channels: number, writer: RowsWriter): string | undefined {
  const value = writer.constants.get(name);
  if (!(value?.data instanceof Float32Array) || `${value.dims}` !== `${channels},1,1`) return undefined;
  const { data } = value;
  return writer.constants.floats(`${name}.per_channel`, [channels], () => data);
}
