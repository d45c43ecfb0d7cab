import { BunrakuError, tensor } from "@bunraku/backends";
import type { Keypoints } from "../../keypoints.ts";
import { coordinateMap, type LandmarkCoordinates } from "../coordinates/landmark-coordinates.ts";
import type { LandmarkLayout } from "../layouts/landmark-layout.ts";
import { type LandmarkLayoutName, layoutOf, layoutsWith } from "../layouts/landmark-layouts.ts";

export interface ReadOptions extends LandmarkCoordinates {
  /** What the points are: a name of `landmarkLayouts`, or a layout of your own. */
  readonly layout: LandmarkLayoutName | LandmarkLayout;
  /** Points of a lower confidence count as not found. @default 0 */
  readonly minConfidence?: number;
}

/** One person's points as a file has them, before they become keypoints. */
export interface RawPoints {
  /** [x, y, confidence] of each point; confidence 0 where it was not found. */
  readonly values: Float64Array;
  readonly found: number;
}

/** What all readers check and compute once: the layout, the coordinates, the least confidence. */
export function createPointReader(options: ReadOptions, who: string) {
  const layout = layoutOf(options.layout, who);
  const map = coordinateMap(options, who);
  const { minConfidence = 0, coordinates = "pixels", size } = options;
  if (!(minConfidence >= 0 && minConfidence <= 1)) {
    throw new BunrakuError("OPTION", `${who}: minConfidence must be in [0, 1], got ${minConfidence}.`);
  }
  return {
    layout,

    /** Checks a flat list of [x, y, confidence], … */
    points(list: unknown, what: string): RawPoints {
      if (!Array.isArray(list)) {
        throw new BunrakuError("SHAPE", `${who} ${what}: expected a list of numbers, got ${describe(list)}.`);
      }
      if (list.length !== 3 * layout.count) {
        const other = layoutsWith(list.length / 3);
        throw new BunrakuError(
          "SHAPE",
          `${who} ${what}: ${layout.name} has ${layout.count} points of x, y and confidence, ${3 * layout.count} numbers, got ${list.length}${other && `; that is ${other}`}.`,
        );
      }
      for (let i = 0; i < list.length; i++) {
        if (typeof list[i] !== "number" || !Number.isFinite(list[i])) {
          throw new BunrakuError("MOTION", `${who} ${what}[${i}]: expected a finite number, got ${describe(list[i])}.`);
        }
      }
      return this.sift(Float64Array.from(list as number[]), what);
    },

    /** Clears what was not found, and refuses coordinates that cannot be what the caller says. Takes `values` over. */
    sift(values: Float64Array, what: string): RawPoints {
      let found = 0;
      let farthest = 0;
      for (let i = 0; i < values.length; i += 3) {
        const confidence = Math.min(values[i + 2]!, 1); // AlphaPose's may be above 1
        if (confidence > 0 && confidence >= minConfidence) {
          values[i + 2] = confidence;
          farthest = Math.max(farthest, Math.abs(values[i]!), Math.abs(values[i + 1]!));
          found++;
        } else values.fill(0, i, i + 3);
      }
      // Detectors place points outside a picture, but not many pictures away.
      if (coordinates !== "pixels" && farthest > 10) {
        const ends = coordinates === "unit" ? "0 to 1" : "-1 to 1";
        throw new BunrakuError(
          "MOTION",
          `${who} ${what}: coordinates "${coordinates}" go from ${ends}, got ${farthest}. Are these pixels?`,
        );
      }
      if (coordinates === "pixels" && found > 1 && farthest <= 1 && Math.max(size!.width, size!.height) > 8) {
        throw new BunrakuError(
          "MOTION",
          `${who} ${what}: all points lie within one pixel of the corner. Are their coordinates "unit" or "signed"?`,
        );
      }
      return { values, found };
    },

    /** Keypoints, owned by the caller; nobody gives points that were all not found. */
    keypoints(person: RawPoints | undefined): Keypoints {
      const points = new Float32Array(2 * layout.count);
      const confidences = new Float32Array(layout.count);
      for (let k = 0; person && k < layout.count; k++) {
        const confidence = person.values[3 * k + 2]!;
        if (confidence === 0) continue;
        points[2 * k] = map.x.scale * person.values[3 * k]! + map.x.offset;
        points[2 * k + 1] = map.y.scale * person.values[3 * k + 1]! + map.y.offset;
        confidences[k] = confidence;
      }
      return {
        points: tensor("float32", points, [layout.count, 2]),
        confidences: tensor("float32", confidences, [layout.count]),
      };
    },
  };
}

export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "number" ? String(value) : typeof value === "string" ? JSON.stringify(value) : typeof value;
}

/** A JSON object. @throws `MOTION` for anything else. */
export function expectObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BunrakuError("MOTION", `${what}: expected an object, got ${describe(value)}.`);
  }
  return value as Record<string, unknown>;
}

/** A JSON list. @throws `MOTION` for anything else. */
export function expectList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BunrakuError("MOTION", `${what}: expected a list, got ${describe(value)}.`);
  return value;
}
