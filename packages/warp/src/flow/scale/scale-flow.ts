import { BunrakuError } from "@bunraku/backends";
import type { Flow } from "../../identity-grid/identity-grid.ts";
import { flowFromOffsets, flowToOffsets } from "../conversions/conversions.ts";

/**
 * A flow with its displacements times a factor: 0 is the identity, 1 the flow itself, 0.5 half the way.
 *
 * Convention: the same pixel reads `factor` times as far from itself. It is not the inverse at -1 (`invertFlow` is),
 * nor the flow composed with itself at 2, unless it is a translation.
 *
 * @returns Owned by the caller.
 * @throws `OPTION` when the factor is not finite
 * @throws `SHAPE`
 */
export function scaleFlow(flow: Flow, factor: number): Flow {
  if (!Number.isFinite(factor)) {
    throw new BunrakuError("OPTION", `scaleFlow: expected a finite factor, got ${factor}.`);
  }
  const offsets = flowToOffsets(flow);
  for (let i = 0; i < offsets.data.length; i++) offsets.data[i]! *= factor;
  return flowFromOffsets(offsets);
}
