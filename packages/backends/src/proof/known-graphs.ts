import { arithmeticGraphs } from "./arithmetic-graphs.ts";
import { convolutionGraphs } from "./convolution-graphs.ts";
import type { KnownGraph } from "./known-graph.ts";
import { rearrangementGraphs } from "./rearrangement-graphs.ts";
import { resizingGraphs } from "./sampling-graphs.ts";

/** The graphs every backend must get right: all operators of the networks, but for GridSample. */
export function knownGraphs(): KnownGraph[] {
  return [...convolutionGraphs(), ...resizingGraphs(), ...arithmeticGraphs(), ...rearrangementGraphs()];
}
