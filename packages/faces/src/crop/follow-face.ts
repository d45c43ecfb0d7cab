import { type Face, overlap } from "../detector/face.ts";

// Between two looks a head moves less than this many of its sizes, and grows or shrinks less than this many times.
const farthest = 1.5;
const mostGrowth = 2;

/** The face that is `before`'s a moment later: the one that overlaps it most, else the nearest of a like size. */
export function followFace(before: Face, faces: readonly Face[]): Face | undefined {
  let best: Face | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const face of faces) {
    const size = sizeOf(before);
    const distance = Math.hypot(middleX(face) - middleX(before), middleY(face) - middleY(before)) / size;
    const growth = Math.max(sizeOf(face) / size, size / sizeOf(face));
    if (distance > farthest || growth > mostGrowth) continue;
    const score = overlap(face.box, before.box) - distance;
    if (score > bestScore) [best, bestScore] = [face, score];
  }
  return best;
}

function sizeOf({ box }: Face): number {
  return Math.sqrt(box.width * box.height);
}

function middleX({ box }: Face): number {
  return box.left + box.width / 2;
}

function middleY({ box }: Face): number {
  return box.top + box.height / 2;
}
