import { BunrakuError } from "@bunraku/backends";
import { type Flow, identityGrid } from "../../identity-grid/identity-grid.ts";
import type { Size } from "../../resize/resize-bilinear.ts";
import { composeFlows } from "../compose/compose-flows.ts";

/**
 * A flow at another size, bilinear.
 *
 * Convention: corners stay on corners, as in the coordinates themselves, so that the identity stays the identity and
 * displacements keep their share of the picture: in pixels they grow by (width - 1) / (W - 1). To warp a picture of
 * another size than the flow's, `displacementOf` and `warpPicture` go from cells to cells instead.
 *
 * Making it smaller takes samples and does not average.
 *
 * @returns `[1, height, width, 2]`, owned by the caller
 * @throws `OPTION` when the size is not whole pixels
 * @throws `SHAPE`
 */
export function resizeFlow(flow: Flow, { height, width }: Size): Flow {
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < 1 || width < 1) {
    throw new BunrakuError("OPTION", `resizeFlow: expected at least 1 × 1 whole pixels, got ${width} × ${height}.`);
  }
  return composeFlows(flow, identityGrid({ height, width })).flow;
}
