import { BunrakuError } from "@bunraku/backends";
import type { Crop, Size } from "@bunraku/warp";

/** What the numbers of a landmark file are. */
export interface LandmarkCoordinates {
  /**
   * `pixels`; `unit`: shares of the picture, [0, 1]; `signed`: [-1, 1]. OpenPose's `--keypoint_scale` 0 to 2, 3 and 4.
   * @default "pixels"
   */
  readonly coordinates?: "pixels" | "unit" | "signed";
  /** Size of the picture that they were found on, in pixels. Needed for `pixels`, for `crop`, and for `origin: "edge"`. */
  readonly size?: Size;
  /**
   * Where the coordinate 0 lies (with `signed`, -1): on the `centre` of the first pixel, as OpenPose, AlphaPose and
   * OpenCV count, or at its outer `edge`, as MediaPipe and @bunraku/faces do. @default "centre"
   */
  readonly origin?: "centre" | "edge";
  /**
   * The part of the picture that stands for the whole, in pixels: where a wide video drives a square portrait, a square,
   * since coordinates are shares of each side. Points may lie outside it. @default the whole picture
   */
  readonly crop?: Crop;
}

/** coordinate = scale · value + offset, for each axis. */
export interface CoordinateMap {
  readonly x: { readonly scale: number; readonly offset: number };
  readonly y: { readonly scale: number; readonly offset: number };
}

const kinds = ["pixels", "unit", "signed"] as const;

/**
 * The map from a file's numbers to bunraku's coordinates.
 *
 * Convention: coordinates are in [-1, 1], ±1 on the centres of the corner pixels; with `origin: "centre"` pixel 0 has its
 * centre at 0, so that x = 2 px / (width - 1) - 1 (spec 1.1). A side of one pixel has the coordinate 0.
 *
 * @throws `OPTION`
 */
export function coordinateMap(options: LandmarkCoordinates, who: string): CoordinateMap {
  const { coordinates = "pixels", size, origin = "centre", crop } = options;
  if (!kinds.includes(coordinates)) {
    throw optionError(who, `coordinates must be ${kinds.join(", ")}, got ${JSON.stringify(coordinates)}`);
  }
  if (origin !== "centre" && origin !== "edge") {
    throw optionError(who, `origin must be centre or edge, got ${JSON.stringify(origin)}`);
  }
  if (size) expectSides(size, "size", who);
  if (crop) {
    expectSides(crop, "crop", who);
    if (!Number.isFinite(crop.left) || !Number.isFinite(crop.top)) {
      throw optionError(who, `crop must have a left and a top, got ${crop.left} and ${crop.top}`);
    }
  }
  if (!size) {
    if (coordinates === "pixels" || origin === "edge" || crop) {
      const why = crop ? "a crop" : coordinates === "pixels" ? "coordinates in pixels" : 'origin "edge"';
      throw optionError(who, `size (the picture's height and width in pixels) is needed for ${why}`);
    }
    const axis = coordinates === "unit" ? { scale: 2, offset: -1 } : { scale: 1, offset: 0 };
    return { x: axis, y: axis };
  }
  return {
    x: axisMap(coordinates, origin, size.width, crop?.left ?? 0, crop?.width ?? size.width),
    y: axisMap(coordinates, origin, size.height, crop?.top ?? 0, crop?.height ?? size.height),
  };
}

function axisMap(kind: (typeof kinds)[number], origin: "centre" | "edge", side: number, start: number, part: number) {
  if (part === 1) return { scale: 0, offset: 0 };
  // From the file's numbers to pixels that are counted from the centre of the first …
  const span = origin === "centre" ? side - 1 : side;
  const first = origin === "centre" ? 0 : -0.5;
  const [perValue, atZero] =
    kind === "pixels" ? [1, first] : kind === "unit" ? [span, first] : [span / 2, first + span / 2];
  // … and from those to coordinates.
  const perPixel = 2 / (part - 1);
  return { scale: perValue * perPixel, offset: (atZero - start) * perPixel - 1 };
}

function expectSides({ width, height }: Size, what: string, who: string): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw optionError(who, `${what} must be whole pixels of at least 1 × 1, got ${width} × ${height}`);
  }
}

function optionError(who: string, what: string): BunrakuError {
  return new BunrakuError("OPTION", `${who}: ${what}.`);
}
