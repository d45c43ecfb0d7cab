import { BunrakuError } from "../../contract/error.ts";
import { expectShape } from "../../contract/expect-shape.ts";
import { type Tensor, tensor } from "../../contract/tensor.ts";
import { intAttribute, intsAttribute } from "../attributes.ts";
import { newElements } from "../elements.ts";
import { type Attributes, type Operator, wantInput } from "../operator.ts";
import { placesOf, type Window, type WindowOptions, windowAttributes, windowsOf } from "../window.ts";

export interface Pool2dOptions extends WindowOptions {
  /** Rounds the number of places up: the last window may hang over the edge. @default false */
  readonly ceil?: boolean;
}

export interface AveragePool2dOptions extends Pool2dOptions {
  /** Divides by the whole kernel also where it covers padding. @default false */
  readonly countPadding?: boolean;
}

type Picture = Tensor<"float32", readonly [number, number, number, number]>;

/**
 * The mean under a moving window.
 *
 * @param image `[N, C, H, W]`
 * @param kernel Rows and columns of the window. Strides default to 1, as in ONNX.
 * @returns `[N, C, Ho, Wo]`, owned by the caller.
 * @throws `SHAPE`, `OPTION`
 * @see ONNX AveragePool-11
 */
export function averagePool2d(
  image: Tensor<"float32">,
  kernel: readonly [number, number],
  options: AveragePool2dOptions = {},
): Picture {
  return pool(image, kernel, options, options.countPadding ? "padded mean" : "mean");
}

/**
 * The largest value under a moving window; padding never wins.
 *
 * @param image `[N, C, H, W]`
 * @returns `[N, C, Ho, Wo]`, owned by the caller.
 * @throws `SHAPE`, `OPTION`
 * @see ONNX MaxPool-12
 */
export function maxPool2d(
  image: Tensor<"float32">,
  kernel: readonly [number, number],
  options: Pool2dOptions = {},
): Picture {
  return pool(image, kernel, options, "max");
}

function pool(
  image: Tensor<"float32">,
  kernel: readonly [number, number],
  options: Pool2dOptions,
  mode: "mean" | "padded mean" | "max",
): Picture {
  const [n, c, h, w] = expectShape(image, ["N", "C", "H", "W"], "pool image").dims;
  const { rows, columns } = windowsOf(kernel, options);
  const ho = placesOf(rows, h, options.ceil);
  const wo = placesOf(columns, w, options.ceil);
  const out = newElements("float32", [n, c, ho, wo]);
  const { data } = image;
  let at = 0;
  for (let plane = 0; plane < n * c; plane++) {
    for (let y = 0; y < ho; y++) {
      for (let x = 0; x < wo; x++) {
        const top = y * rows.stride - rows.before;
        const left = x * columns.stride - columns.before;
        let sum = 0;
        let best = Number.NEGATIVE_INFINITY;
        let count = 0;
        for (let ky = 0; ky < rows.kernel; ky++) {
          const row = top + ky * rows.dilation;
          if (row < 0 || row >= h) continue;
          for (let kx = 0; kx < columns.kernel; kx++) {
            const column = left + kx * columns.dilation;
            if (column < 0 || column >= w) continue;
            const value = data[(plane * h + row) * w + column]!;
            sum += value;
            if (value > best) best = value;
            count++;
          }
        }
        if (mode === "padded mean") count = cells(rows, top, h) * cells(columns, left, w);
        out[at++] = mode === "max" ? best : sum / count;
      }
    }
  }
  return tensor("float32", out, [n, c, ho, wo]);
}

/** How many cells of the kernel lie on the picture or its padding: with `ceil`, the last window can reach further. */
function cells(window: Window, begin: number, size: number): number {
  const room = Math.ceil((size + window.after - begin) / window.dilation);
  return Math.min(window.kernel, room);
}

function kernelOf(attributes: Attributes): readonly [number, number] {
  const kernel = intsAttribute(attributes, "kernel_shape");
  if (kernel?.length === 2) return [kernel[0]!, kernel[1]!];
  throw new BunrakuError("UNSUPPORTED", `pooling needs a kernel_shape of 2 axes, got ${kernel?.length ?? "none"}.`);
}

export const averagePool: Operator = {
  op: "AveragePool",
  run(inputs, attributes) {
    const image = wantInput(inputs, 0, "AveragePool image");
    const kernel = kernelOf(attributes);
    const countPadding = intAttribute(attributes, "count_include_pad", 0) !== 0;
    return [
      averagePool2d(image, kernel, { ...windowAttributes(attributes, kernel, image.dims.slice(2)), countPadding }),
    ];
  },
};

export const maxPool: Operator = {
  op: "MaxPool",
  run(inputs, attributes, outputs) {
    if (outputs > 1) throw new BunrakuError("UNSUPPORTED", "MaxPool yields no indices; drop its second output.");
    const image = wantInput(inputs, 0, "MaxPool image");
    const kernel = kernelOf(attributes);
    return [maxPool2d(image, kernel, windowAttributes(attributes, kernel, image.dims.slice(2)))];
  },
};
