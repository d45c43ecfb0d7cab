import { type Face, overlap } from "./face.ts";

/**
 * Keeps the surest face of each bundle of overlapping ones (non-maximum suppression).
 *
 * @param most The overlap, as intersection over union, up to which two faces are two people.
 * @returns A new list, surest first.
 */
export function suppressOverlaps(faces: readonly Face[], most: number): Face[] {
  const kept: Face[] = [];
  for (const face of [...faces].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(face.box, other.box) <= most)) kept.push(face);
  }
  return kept;
}
