import { BunrakuError, type Tensor } from "@bunraku/backends";
import { fromNdarray, type NdArrayLike } from "@bunraku/backends/ndarray";
import type { Keypoints } from "../../keypoints.ts";
import { createPointReader, describe, type ReadOptions } from "./read-points.ts";

/** A point as detectors give them: [x, y], [x, y, z or confidence], or an object; null or NaN where it was not found. */
export type LandmarkPoint =
  | readonly (number | null)[]
  | ArrayLike<number>
  | { readonly x: number; readonly y: number }
  | null
  | undefined;

/** One face or body: a list of points, flat numbers, an array of scijs ndarray's layout, or a tensor. */
export type LandmarkValues =
  | readonly LandmarkPoint[]
  | ArrayLike<number>
  | NdArrayLike
  | Pick<Tensor, "data" | "dims" | "type">;

export interface LandmarkOptions extends ReadOptions {
  /** What a third number per point is. @default that of the layout: depth for faces, confidence for the rest */
  readonly third?: "confidence" | "depth";
}

/**
 * The landmarks of one face or body from an array: of face-alignment, dlib, MediaPipe, or any other detector.
 *
 * Takes `[[x, y], …]`, `[[x, y, z or confidence], …]`, `[{ x, y }, …]`, the same flat (two or three numbers per point),
 * an ndarray `[K, 2]` or `[K, 3]`, or such a tensor. Depth is left out. Where several faces were found, pass one of them.
 *
 * Convention: pixels are counted from the centre of the first, or, with `origin: "edge"`, from its outer edge: MediaPipe
 * has `coordinates: "unit", origin: "edge"`. A point that is null, or has a coordinate that is NaN or null, was not found.
 *
 * @param values Borrowed.
 * @returns Points in [-1, 1] and their confidences (1 where none are given), owned by the caller.
 * @throws `OPTION`; `SHAPE` when there is another number of points; `MOTION` when a point is none
 * @example readLandmarks(result.faceLandmarks[0], { layout: "faceMesh478", coordinates: "unit", origin: "edge", size });
 */
export function readLandmarks(values: LandmarkValues, options: LandmarkOptions): Keypoints {
  const who = "readLandmarks";
  const reader = createPointReader(options, who);
  const { layout } = reader;
  const third = options.third ?? layout.third;
  if (third !== "confidence" && third !== "depth") {
    throw new BunrakuError("OPTION", `${who}: third must be confidence or depth, got ${JSON.stringify(third)}.`);
  }
  const rows = rowsOf(values, layout.count, layout.name, who);
  const flat = new Float64Array(3 * layout.count);
  for (let k = 0; k < layout.count; k++) {
    const [x, y, more] = numbersOf(rows(k), k, who);
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const confidence = third === "depth" || more === undefined ? 1 : more;
    flat.set([x, y, Number.isNaN(confidence) ? 0 : confidence], 3 * k);
  }
  return reader.keypoints(reader.sift(flat, "points"));
}

/** The numbers of point k, whatever they stand in. */
function rowsOf(values: unknown, count: number, name: string, who: string): (k: number) => unknown {
  if (typeof values !== "object" || values === null) {
    throw new BunrakuError("SHAPE", `${who}: expected the points of ${name}, got ${describe(values)}.`);
  }
  const wrong = (got: string) =>
    new BunrakuError("SHAPE", `${who}: ${name} has ${count} points, [${count}, 2] or [${count}, 3], got ${got}.`);
  if ("data" in values && ("dims" in values || ("shape" in values && "stride" in values))) {
    const { data, dims } =
      "dims" in values ? (values as unknown as Tensor) : fromNdarray(values as NdArrayLike, { type: "float32" });
    const each = Array.isArray(dims) && dims.length === 2 && dims[0] === count ? dims[1] : undefined;
    if ((each !== 2 && each !== 3) || !ArrayBuffer.isView(data) || data.length !== count * each) {
      throw wrong(`[${Array.isArray(dims) ? dims.join(", ") : describe(dims)}]`);
    }
    return (k) => data.subarray(k * each, (k + 1) * each);
  }
  const list = values as ArrayLike<unknown>;
  if (typeof list.length !== "number") throw wrong(describe(values));
  if (typeof list[0] === "number" && list.length !== count) {
    const each = list.length / count;
    if (each !== 2 && each !== 3) throw wrong(`${list.length} numbers`);
    return (k) => Array.from({ length: each }, (_, i) => list[k * each + i]);
  }
  if (list.length !== count) throw wrong(`${list.length} points`);
  return (k) => list[k];
}

/** x, y and a third number; NaN for what is not there. */
function numbersOf(point: unknown, k: number, who: string): [number, number, number | undefined] {
  if (point === null || point === undefined) return [Number.NaN, Number.NaN, undefined];
  const fail = (got: unknown) =>
    new BunrakuError("MOTION", `${who} point ${k}: expected [x, y], [x, y, third] or { x, y }, got ${describe(got)}.`);
  if (typeof point !== "object") throw fail(point);
  const number = (value: unknown): number => {
    if (value === null) return Number.NaN;
    if (typeof value === "bigint") return Number(value);
    if (typeof value !== "number" || Math.abs(value) === Infinity) throw fail(value);
    return value;
  };
  if ("x" in point && "y" in point) return [number(point.x), number(point.y), undefined];
  const list = point as ArrayLike<unknown>;
  if (list.length !== 2 && list.length !== 3) throw fail(point);
  return [number(list[0]), number(list[1]), list.length === 3 ? number(list[2]) : undefined];
}
