/** What the points of a detector are. Right and left are the person's own: the right eye is at the left of a picture. */
export interface LandmarkLayout<Part extends string = string> {
  readonly name: string;
  /** How many points it has. */
  readonly count: number;
  /** What each point is called: "rightEye", "jaw3". Absent for the face mesh, whose points have no names. */
  readonly names?: readonly string[];
  /** Points that belong together, in order along the line that they follow: `jaw`, `rightBrow`, `mouth`, `leftArm`, … */
  readonly parts: Readonly<Record<Part, readonly number[]>>;
  /** Lines to draw between points. */
  readonly edges: readonly Edge[];
  /** Which point each becomes in a mirrored picture: that of the right eye becomes that of the left. */
  readonly flips: readonly number[];
  /** What a third number per point is, unless a reader is told otherwise. */
  readonly third: "confidence" | "depth";
}

export type Edge = readonly [number, number];

/** from, from + 1, …, to */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Edges along a line of points, back to its start when `closed`. */
export function along(points: readonly number[], closed = false): Edge[] {
  const edges = points.slice(1).map((point, i): Edge => [points[i]!, point]);
  return closed ? [...edges, [points.at(-1)!, points[0]!]] : edges;
}

/** Tables are written as text, because they read better so: "0 1, 1 2" is [[0, 1], [1, 2]]. */
export function pairsOf(text: string): Edge[] {
  return text.split(",").map((pair) => numbersOf(pair) as unknown as Edge);
}

/** "3 1 4" is [3, 1, 4] */
export function numbersOf(text: string): number[] {
  return text.trim().split(/\s+/).map(Number);
}

/** Flips by name: what is called right becomes what is called left, and the other way round. */
export function flipsOf(names: readonly string[]): number[] {
  return names.map((name) =>
    names.indexOf(name.replace(/^(right|left)/, (side) => (side === "right" ? "left" : "right"))),
  );
}
