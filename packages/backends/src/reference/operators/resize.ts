import { BunrakuError } from "../../contract/error.ts";
import { expectShape } from "../../contract/expect-shape.ts";
import { sizeOf, type Tensor, tensor } from "../../contract/tensor.ts";
import { viewAlong, withDim } from "../axes.ts";
import { newElements } from "../elements.ts";
import { take } from "../take.ts";

/** Where the centre of output pixel `i` lies in the input: ONNX's coordinate_transformation_mode. */
export type Coordinates = "half_pixel" | "pytorch_half_pixel" | "asymmetric" | "align_corners";

/** Which input pixel a place between two belongs to: ONNX's nearest_mode. */
export type Rounding = "round_prefer_floor" | "round_prefer_ceil" | "floor" | "ceil";

/** One axis of a resize. */
export interface AxisResize {
  readonly axis: number;
  readonly size: number;
  readonly wanted: number;
  /** Output cells per input cell, as a graph states it. @default wanted / size */
  readonly scale?: number;
}

/**
 * Where each output cell reads, in input cells.
 *
 * Rounds to float32 at every step, because the frameworks do: at a place that is nearly whole, floor() then agrees.
 * ONNX divides by the scale; PyTorch, and we where no scale is given, multiply by its inverse, which is seldom off:
 * from 14 to 2 cells, cell 1 reads cell 7, where onnxruntime reads cell 6.
 */
export function readPositions({ size, wanted, scale }: AxisResize, coordinates: Coordinates): Float32Array {
  const round = Math.fround;
  const inverse = round(size / wanted);
  const unscaled = (at: number) => (scale === undefined ? round(at * inverse) : round(at / round(scale)));
  const positions = new Float32Array(wanted);
  for (let at = 0; at < wanted; at++) {
    if (coordinates === "asymmetric") positions[at] = unscaled(at);
    else if (coordinates === "align_corners") positions[at] = wanted === 1 ? 0 : round(at * (size - 1)) / (wanted - 1);
    else if (coordinates === "pytorch_half_pixel" && wanted === 1) positions[at] = 0;
    else positions[at] = unscaled(at + 0.5) - 0.5;
  }
  return positions;
}

/** Nearest neighbour along one axis. */
export function nearestAlong(value: Tensor, resize: AxisResize, coordinates: Coordinates, rounding: Rounding): Tensor {
  const positions = readPositions(resize, coordinates);
  const rows = new Int32Array(resize.wanted);
  for (let at = 0; at < rows.length; at++) {
    const row = rounded(positions[at]!, rounding);
    rows[at] = Math.min(Math.max(row, 0), resize.size - 1);
  }
  return take(value, resize.axis, rows);
}

function rounded(position: number, rounding: Rounding): number {
  if (rounding === "floor") return Math.floor(position);
  if (rounding === "ceil") return Math.ceil(position);
  return rounding === "round_prefer_ceil" ? Math.floor(position + 0.5) : Math.ceil(position - 0.5);
}

/** Linear interpolation along all given axes, one after the other; rounds once, at the end. */
export function linearAlong(
  value: Tensor<"float32">,
  resizes: readonly AxisResize[],
  coordinates: Coordinates,
): Tensor<"float32"> {
  let data = Float64Array.from(value.data);
  let dims = value.dims;
  for (const resize of resizes) {
    const { outer, size, inner } = viewAlong(dims, resize.axis);
    const positions = readPositions(resize, coordinates);
    dims = withDim(dims, resize.axis, resize.wanted);
    const out = new Float64Array(sizeOf(dims));
    for (let block = 0, at = 0; block < outer; block++) {
      for (let row = 0; row < resize.wanted; row++) {
        const position = Math.min(Math.max(positions[row]!, 0), size - 1);
        const lower = Math.floor(position);
        const share = position - lower;
        const from = (block * size + lower) * inner;
        const next = (block * size + Math.min(lower + 1, size - 1)) * inner;
        for (let column = 0; column < inner; column++) {
          out[at++] = (1 - share) * data[from + column]! + share * data[next + column]!;
        }
      }
    }
    data = out;
  }
  const result = newElements("float32", dims);
  result.set(data);
  return tensor("float32", result, dims);
}

/** Rows and columns. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
}

type Picture = Tensor<"float32", readonly [number, number, number, number]>;

/**
 * Resizes pictures by repeating or dropping pixels.
 *
 * The defaults are PyTorch's: output pixel i reads pixel floor(i * H / height).
 *
 * @param image `[N, C, H, W]`
 * @returns `[N, C, height, width]`, owned by the caller.
 * @throws `SHAPE`, `OPTION`
 * @see torch interpolate mode "nearest"; ONNX Resize-13 with mode "nearest"
 */
export function resizeNearest(
  image: Tensor<"float32">,
  size: PictureSize,
  { coordinates = "asymmetric", rounding = "floor" }: { coordinates?: Coordinates; rounding?: Rounding } = {},
): Picture {
  let value: Tensor = image;
  for (const resize of axesOf(image, size)) value = nearestAlong(value, resize, coordinates, rounding);
  return value as Picture;
}

/**
 * Resizes pictures by linear interpolation between pixels, without smoothing first when they shrink.
 *
 * @param image `[N, C, H, W]`
 * @param options.coordinates "half_pixel" is align_corners false. @default "half_pixel"
 * @returns `[N, C, height, width]`, owned by the caller.
 * @throws `SHAPE`, `OPTION`
 * @see torch interpolate mode "bilinear"; ONNX Resize-13 with mode "linear"
 */
export function resizeLinear(
  image: Tensor<"float32">,
  size: PictureSize,
  { coordinates = "half_pixel" }: { coordinates?: Coordinates } = {},
): Picture {
  return linearAlong(image, axesOf(image, size), coordinates) as Picture;
}

function axesOf(image: Tensor, { height, width }: PictureSize): AxisResize[] {
  const [, , h, w] = expectShape(image, ["N", "C", "H", "W"], "resize image").dims;
  if (![height, width].every((size) => Number.isInteger(size) && size >= 1)) {
    throw new BunrakuError("OPTION", `resize: the size must be whole and at least 1, got ${width} x ${height}.`);
  }
  const rows = { axis: 2, size: h, wanted: height };
  const columns = { axis: 3, size: w, wanted: width };
  return [rows, columns];
}
