import type { Graph, GraphPiece } from "../onnx/graph.ts";

/**
 * Whether a piece is what it says: its nodes are there, one after the other, they read only its inputs and constants, and
 * nobody else uses what lies between them. A file may claim anything, and rewrites may have changed the nodes.
 */
export function fitsGraph(piece: GraphPiece, graph: Graph): boolean {
  const inside = new Set(piece.nodes);
  const nodes = graph.nodes.filter(({ name }) => inside.has(name));
  if (nodes.length === 0 || nodes.length !== inside.size) return false;
  const first = graph.nodes.indexOf(nodes[0]!);
  if (graph.nodes[first + nodes.length - 1] !== nodes.at(-1)) return false;

  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  const given = new Set(["", ...piece.inputs, ...graph.initializers.map(({ name }) => name)]);
  if (!piece.outputs.every((name) => made.has(name))) return false;
  if (!nodes.every(({ inputs }) => inputs.every((name) => made.has(name) || given.has(name)))) return false;

  const before = new Set([
    "",
    ...graph.initializers.map(({ name }) => name),
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.slice(0, first).flatMap(({ outputs }) => outputs),
  ]);
  if (!piece.inputs.every((name) => before.has(name))) return false;
  const hidden = new Set([...made].filter((name) => !piece.outputs.includes(name)));
  if (graph.outputs.some(({ name }) => hidden.has(name))) return false;
  return graph.nodes.every(({ name, inputs }) => inside.has(name) || !inputs.some((input) => hidden.has(input)));
}
