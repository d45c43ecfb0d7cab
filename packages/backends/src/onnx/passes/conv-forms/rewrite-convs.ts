import type { Graph, GraphNode } from "../../graph.ts";
import { withoutUnused } from "../without-unused.ts";
import type { ConvForm } from "./conv-form.ts";
import { type ConvSite, convSites } from "./conv-site.ts";
import { GraphConstants } from "./graph-constants.ts";
import { SiteWriter } from "./site-writer.ts";

/**
 * Writes convolutions in other forms.
 *
 * Same output, up to rounding.
 *
 * @param graph borrowed; arrays that do not change are shared with the result
 * @param choose The form of a convolution; `undefined` leaves it as it is. Forms that do not fit are passed over.
 */
export function rewriteConvs(graph: Graph, choose: (site: ConvSite) => ConvForm | undefined): Graph {
  const constants = new GraphConstants(graph.initializers);
  const written = new Map<GraphNode, SiteWriter>();
  const gone = new Set<GraphNode>();
  for (const site of convSites(graph)) {
    const form = choose(site);
    if (!form?.fits(site)) continue;
    const writer = new SiteWriter(site.output, constants);
    form.write(site, writer);
    written.set(site.conv, writer);
    if (site.upsampling) gone.add(site.upsampling);
  }
  if (written.size === 0) return graph;
  const nodes = graph.nodes.flatMap((node) => {
    if (gone.has(node)) return [];
    return written.get(node)?.nodes ?? [node];
  });
  const values = [...(graph.values ?? []), ...[...written.values()].flatMap(({ values }) => values)];
  return withoutUnused({ ...graph, nodes, initializers: constants.all(), values });
}
