import { BunrakuError, expectShape, sizeOf, type Tensor, tensor } from "@bunraku/backends";
import { expectFinite, type Keypoints } from "@bunraku/keypoints";

/** How many keypoints there are, and what is known of each: the dims of its part, without K. */
export type KeypointLayout = {
  readonly keypoints: number;
  readonly parts: KeypointParts;
};

/** The parts of one keypoint, with their dims. */
export interface KeypointParts {
  readonly points: readonly [2];
  readonly jacobians?: readonly [2, 2];
  readonly covariances?: readonly [2, 2] | readonly [1, 1];
  readonly confidences?: readonly [];
}

export type PartName = keyof KeypointParts;

/** The dims that each part may have, in the order in which parts are stored. */
export const allowedParts: Readonly<Record<PartName, readonly (readonly number[])[]>> = {
  points: [[2]],
  jacobians: [[2, 2]],
  covariances: [
    [2, 2],
    [1, 1],
  ],
  confidences: [[]],
};

export const partNames = Object.keys(allowedParts) as readonly PartName[];

/** The parts that a layout has, in order: their names, dims and floats per keypoint. */
export function partsIn({ parts }: KeypointLayout): { name: PartName; dims: readonly number[]; size: number }[] {
  return partNames.flatMap((name) => {
    const dims = parts[name];
    return dims ? [{ name, dims, size: sizeOf(dims) }] : [];
  });
}

/**
 * What keypoints consist of.
 *
 * @throws `MOTION` when a number is not finite, or a confidence is not in [0, 1]; `SHAPE`
 */
export function layoutOf(keypoints: Keypoints, what: string): KeypointLayout {
  const [count] = expectShape(keypoints.points, ["K", 2], `${what} points`).dims;
  expectFinite(keypoints, what);
  const parts: Partial<Record<PartName, readonly number[]>> = {};
  for (const name of partNames) {
    const part = keypoints[name];
    if (!part) continue;
    const dims = part.dims.slice(1);
    const allowed = allowedParts[name].some((wanted) => wanted.join() === dims.join());
    if (part.dims[0] !== count || !allowed) {
      const wanted = allowedParts[name].map((dims) => `[${[count, ...dims].join(", ")}]`).join(" or ");
      throw new BunrakuError("SHAPE", `${what} ${name}: expected ${wanted}, got [${part.dims.join(", ")}].`);
    }
    parts[name] = dims;
  }
  const wrong = keypoints.confidences?.data.find((confidence) => confidence < 0 || confidence > 1);
  if (wrong !== undefined) {
    throw new BunrakuError("MOTION", `${what} confidences: expected numbers from 0 to 1, got ${wrong}.`);
  }
  return { keypoints: count, parts: parts as unknown as KeypointParts };
}

/** @throws `MOTION` when keypoints have another number or other parts than `layout`; what `layoutOf` throws */
export function expectLayout(keypoints: Keypoints, layout: KeypointLayout, what: string): void {
  const got = describe(layoutOf(keypoints, what));
  const wanted = describe(layout);
  if (got !== wanted) throw new BunrakuError("MOTION", `${what}: expected ${wanted}, got ${got}.`);
}

function describe(layout: KeypointLayout): string {
  const parts = partsIn(layout).map(({ name, dims }) => (dims.length > 0 ? `${name} [${dims.join(", ")}]` : name));
  return `${layout.keypoints} keypoints with ${parts.join(", ")}`;
}

/** Makes keypoints of a layout, each part filled by `fill`. Owned by the caller. */
export function buildKeypoints(layout: KeypointLayout, fill: (name: PartName, data: Float32Array) => void): Keypoints {
  const built = partsIn(layout).map(({ name, dims, size }): [PartName, Tensor<"float32">] => {
    const data = new Float32Array(layout.keypoints * size);
    fill(name, data);
    return [name, tensor("float32", data, [layout.keypoints, ...dims])];
  });
  return Object.fromEntries(built) as unknown as Keypoints;
}
