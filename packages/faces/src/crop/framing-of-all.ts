import type { Face } from "../detector/face.ts";
import { type Framing, framingOf } from "./framing.ts";

// A head reaches over its face box: hair, ears and a rim to move in, in shares of the framing's side.
const rim = 0.12;

/** The square for all faces of one moving head: their median square, grown to hold the head wherever it goes. */
export function framingOfAll(faces: readonly Face[], margin = 0): Framing {
  const framings = faces.map((face) => framingOf(face, margin));
  const side = median(framings.map((framing) => framing.side));
  const across = grow(
    median(framings.map(({ x }) => x)),
    side,
    faces.map(({ box }) => [box.left, box.left + box.width]),
  );
  const down = grow(
    median(framings.map(({ y }) => y)),
    side,
    faces.map(({ box }) => [box.top, box.top + box.height]),
  );
  return { x: across.middle, y: down.middle, side: Math.max(side, across.length, down.length) };
}

function grow(middle: number, side: number, spans: readonly (readonly [number, number])[]) {
  const from = Math.min(middle - side / 2, ...spans.map(([start]) => start - rim * side));
  const to = Math.max(middle + side / 2, ...spans.map(([, end]) => end + rim * side));
  return { middle: (from + to) / 2, length: to - from };
}

/** The middle value; of an even count the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted.length >> 1;
  const lower = (sorted.length - 1) >> 1;
  return (sorted[lower]! + sorted[upper]!) / 2;
}
