import { BunrakuError } from "@bunraku/backends";

/** What a keypoint's surroundings do: shift with it, turn and scale as its jacobian says, or bend with all keypoints. */
export type MotionOrder = (typeof motionOrders)[number];

export const motionOrders = ["zeroth", "first", "spline"] as const;

/** How motion is turned while a model runs. Lists have an entry per keypoint. */
export interface DialOptions {
  /**
   * `zeroth`: around a keypoint the motion is a translation. `first`: it is affine, by the keypoint's jacobian.
   * `spline`: it is the thin-plate spline through all keypoints. @default "first" where the model estimates jacobians,
   * else "zeroth"
   */
  readonly order?: MotionOrder | readonly MotionOrder[];
  /**
   * Displacement of a keypoint is multiplied by it, and its jacobian raised to it (an angle is multiplied, a scale
   * raised to its power): 0 takes the motion away, 1 leaves it to the bit, 2 doubles it, -1 turns it round. From -10
   * to 10. @default 1
   */
  readonly gain?: number | readonly number[];
  /** Keypoints, from 0, that stay at the source, and their surroundings with them. @default none */
  readonly freeze?: readonly number[];
  /**
   * The farthest that a keypoint may be from its place in the source, in normalised units (the picture is 2 wide);
   * one that would go farther stops there, in its direction. Applied after `gain`; jacobians stay. @default no limit
   */
  readonly limit?: number | readonly number[];
  /**
   * Of `thinPlateSpline`, for `order: "spline"`: more bends less. Keypoints that nobody placed crowd together, and a spline
   * that passes through all of them exactly (0) then tears the picture; each keypoint is read at its place in the source
   * whatever it is. @default 0.1
   */
  readonly stiffness?: number;
}

/** `DialOptions`, checked, with an entry per keypoint. */
export interface Dial {
  readonly orders: readonly MotionOrder[];
  readonly gains: readonly number[];
  readonly limits: readonly number[];
  readonly frozen: readonly boolean[];
}

/**
 * Spreads options over keypoints.
 *
 * @param options borrowed
 * @throws `OPTION`
 */
export function readDial(
  { order, gain = 1, freeze = [], limit = Number.POSITIVE_INFINITY }: DialOptions,
  count: number,
  hasJacobians: boolean,
): Dial {
  const isOrder = (value: unknown) => motionOrders.includes(value as MotionOrder);
  const ordinary = hasJacobians ? "first" : "zeroth";
  const orders = perKeypoint("order", order === undefined ? ordinary : order, count, isOrder, orderNames);
  if (!hasJacobians && orders.includes("first")) {
    throw new BunrakuError(
      "OPTION",
      'order: "first" needs jacobians, which this model does not estimate. It has "zeroth" and "spline".',
    );
  }
  const isGain = (value: unknown) => typeof value === "number" && Math.abs(value) <= 10;
  const gains = perKeypoint("gain", gain, count, isGain, "a number from -10 to 10");
  const isLimit = (value: unknown) => typeof value === "number" && value >= 0;
  const limits = perKeypoint("limit", limit, count, isLimit, "a number of at least 0");
  if (!Array.isArray(freeze) || freeze.some((k) => !Number.isInteger(k) || k < 0 || k >= count)) {
    throw new BunrakuError(
      "OPTION",
      `freeze: expected a list of keypoints from 0 to ${count - 1}, got ${show(freeze)}.`,
    );
  }
  return { orders, gains, limits, frozen: Array.from({ length: count }, (_, k) => freeze.includes(k)) };
}

const orderNames = `${motionOrders.slice(0, -1).map(show).join(", ")} or ${show(motionOrders.at(-1))}`;

function perKeypoint<T>(
  name: string,
  value: T | readonly T[],
  count: number,
  fits: (entry: unknown) => boolean,
  wanted: string,
): readonly T[] {
  const entries = Array.isArray(value) ? Array.from(value as readonly T[]) : new Array<T>(count).fill(value as T);
  if (entries.length === count && entries.every(fits)) return entries;
  throw new BunrakuError("OPTION", `${name}: expected ${wanted}, or a list of ${count} of them, got ${show(value)}.`);
}

/** NaN and infinities as they are written in code. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
