import { BunrakuError } from "../contract/error.ts";
import { intAttribute, intsAttribute, textAttribute } from "./attributes.ts";
import type { Attributes } from "./operator.ts";

/** How a kernel moves over one axis. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Cells of padding before the first and after the last. */
  readonly before: number;
  readonly after: number;
}

/** How many places the kernel takes. @throws `SHAPE` when it fits nowhere. */
export function placesOf(window: Window, size: number, ceil = false): number {
  const { kernel, stride, dilation, before, after } = window;
  const room = size + before + after - dilation * (kernel - 1) - 1;
  if (room < 0) {
    throw new BunrakuError(
      "SHAPE",
      `a kernel of ${kernel} (dilation ${dilation}) does not fit ${size + before + after}.`,
    );
  }
  if (!ceil) return Math.floor(room / stride) + 1;
  const places = Math.ceil(room / stride) + 1;
  // A place that would begin in the padding after the last cell is not one.
  return (places - 1) * stride >= size + before ? places - 1 : places;
}

/** The windows over rows and columns, as Conv and the pools state them: `pads` are [top, left, bottom, right]. */
export interface Windows {
  readonly rows: Window;
  readonly columns: Window;
}

export interface WindowOptions {
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
}

/** @throws `OPTION` when a list is not of the right length or holds impossible numbers. */
export function windowsOf(kernel: readonly [number, number], options: WindowOptions): Windows {
  const { strides = [1, 1], dilations = [1, 1], pads = [0, 0, 0, 0] } = options;
  if (strides.length !== 2 || dilations.length !== 2 || pads.length !== 4) {
    throw new BunrakuError(
      "OPTION",
      `window: wanted 2 strides, 2 dilations and 4 pads, got ${strides.length}, ${dilations.length} and ${pads.length}.`,
    );
  }
  if ([...kernel, ...strides, ...dilations].some((value) => value < 1) || pads.some((pad) => pad < 0)) {
    throw new BunrakuError("OPTION", "window: kernel, strides and dilations must be at least 1, and pads at least 0.");
  }
  const window = (axis: 0 | 1): Window => ({
    kernel: kernel[axis],
    stride: strides[axis]!,
    dilation: dilations[axis]!,
    before: pads[axis]!,
    after: pads[axis + 2]!,
  });
  return { rows: window(0), columns: window(1) };
}

/** The same options from the attributes of a node; `auto_pad` becomes pads. */
export function windowAttributes(
  attributes: Attributes,
  kernel: readonly number[],
  size: readonly number[],
): WindowOptions & { readonly ceil: boolean } {
  const strides = intsAttribute(attributes, "strides") ?? kernel.map(() => 1);
  const dilations = intsAttribute(attributes, "dilations") ?? kernel.map(() => 1);
  const automatic = textAttribute(attributes, "auto_pad", ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"]);
  const ceil = intAttribute(attributes, "ceil_mode", 0) !== 0;
  if (automatic === "NOTSET") return { strides, dilations, ceil, ...given(intsAttribute(attributes, "pads")) };
  if (automatic === "VALID") return { strides, dilations, ceil };
  const total = kernel.map((width, axis) => {
    const places = Math.ceil(size[axis]! / strides[axis]!);
    return Math.max(0, (places - 1) * strides[axis]! + dilations[axis]! * (width - 1) + 1 - size[axis]!);
  });
  const small = total.map((cells) => Math.floor(cells / 2));
  const large = total.map((cells) => Math.ceil(cells / 2));
  return { strides, dilations, ceil, pads: automatic === "SAME_UPPER" ? [...small, ...large] : [...large, ...small] };
}

function given(pads: readonly number[] | undefined): { readonly pads?: readonly number[] } {
  return pads ? { pads } : {};
}
