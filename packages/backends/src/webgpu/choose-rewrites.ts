import type { Backend, LoadOptions } from "../contract/backend.ts";
import type { Check } from "../contract/report.ts";
import { padChannels } from "../onnx/passes/pad-channels/pad-channels.ts";
import { ungroup } from "../onnx/passes/ungroup/ungroup.ts";
import { sixChannels } from "../proof/channel-graphs.ts";
import { groupsOfSix } from "../proof/group-graphs.ts";
import type { KnownGraph } from "../proof/known-graph.ts";
import { proveGraphs } from "../proof/prove-operators.ts";
import type { Forms } from "./native-graph.ts";

type Rewrite = Forms["rewrites"][number];

/**
 * What runtimes are known to get wrong, each with a graph that shows it and a rewrite around it, in the order in which
 * they are applied: convolutions without groups may need channels.
 */
const known: readonly { readonly shows: () => KnownGraph; readonly rewrite: Rewrite }[] = [
  { shows: groupsOfSix, rewrite: ungroup },
  { shows: sixChannels, rewrite: padChannels },
];

/** All of them: right anywhere, and a little slower where they are not needed. */
export const allRewrites: readonly Rewrite[] = known.map(({ rewrite }) => rewrite);

/**
 * Finds out which rewrites this device needs: those without which a known graph is wrong, and with which it is right.
 *
 * @param use makes the backend load graphs with these rewrites from now on
 * @returns the checks; one that failed and has a `replacedBy` is mended
 */
export async function chooseRewrites(
  backend: Backend,
  use: (rewrites: readonly Rewrite[]) => void,
  options: LoadOptions,
): Promise<Check[]> {
  const checks: Check[] = [];
  let used: readonly Rewrite[] = [];
  for (const { shows, rewrite } of known) {
    const [plain] = (await proveGraphs(backend, [shows()], options)) as [Check];
    if (plain.pass) {
      checks.push(plain);
      continue;
    }
    use([...used, rewrite]);
    const [mended] = (await proveGraphs(backend, [shows()], options)) as [Check];
    checks.push(mended.pass ? { ...plain, replacedBy: "rewritten" } : plain, { ...mended, form: "rewritten" });
    if (mended.pass) used = [...used, rewrite];
    use(used);
  }
  return checks;
}
