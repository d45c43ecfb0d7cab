import { BunrakuError } from "@bunraku/backends";
import { body25, coco17, coco18, halpe26 } from "./body.ts";
import { face5, face68, face70 } from "./face.ts";
import { faceMesh468, faceMesh478 } from "./face-mesh.ts";
import { halpe136 } from "./halpe-136.ts";
import type { LandmarkLayout } from "./landmark-layout.ts";

/** The layouts that are known by name. */
export const landmarkLayouts = {
  body25,
  coco17,
  coco18,
  face5,
  face68,
  face70,
  faceMesh468,
  faceMesh478,
  halpe26,
  halpe136,
} as const satisfies Record<string, LandmarkLayout>;

export type LandmarkLayoutName = keyof typeof landmarkLayouts;

/** A layout, or the name of one. @throws `OPTION` for another name. */
export function layoutOf(layout: LandmarkLayoutName | LandmarkLayout, who: string): LandmarkLayout {
  if (typeof layout === "object" && layout !== null) return layout;
  if (Object.hasOwn(landmarkLayouts, layout)) return landmarkLayouts[layout];
  throw new BunrakuError(
    "OPTION",
    `${who}: layout must be one of ${Object.keys(landmarkLayouts).join(", ")}, or a LandmarkLayout, got ${JSON.stringify(layout)}.`,
  );
}

/** The known layouts of that many points, for messages. */
export function layoutsWith(count: number): string {
  return Object.values(landmarkLayouts)
    .filter((layout) => layout.count === count)
    .map(({ name }) => name)
    .join(" or ");
}
