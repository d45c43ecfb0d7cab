import { BunrakuError } from "../../contract/error.ts";
import { textAttribute } from "../attributes.ts";
import { axisOf } from "../axes.ts";
import { broadcastDims, expand } from "../broadcast.ts";
import { anyInput, integersOf, type Operator } from "../operator.ts";
import { take } from "../take.ts";

const expandOperator: Operator = {
  op: "Expand",
  run(inputs) {
    const value = anyInput(inputs, 0, "Expand");
    const wanted = integersOf(anyInput(inputs, 1, "Expand shape"), "Expand shape");
    return [expand(value, broadcastDims(value.dims, wanted))]; // both ways: a wanted 1 keeps the value's size
  },
};

const tile: Operator = {
  op: "Tile",
  run(inputs) {
    let value = anyInput(inputs, 0, "Tile");
    const repeats = integersOf(anyInput(inputs, 1, "Tile repeats"), "Tile repeats");
    if (repeats.length !== value.dims.length) {
      throw new BunrakuError("SHAPE", `Tile: wanted ${value.dims.length} repeats, got ${repeats.length}.`);
    }
    repeats.forEach((times, axis) => {
      const size = value.dims[axis]!;
      if (times !== 1)
        value = take(
          value,
          axis,
          Array.from({ length: size * times }, (_, row) => row % size),
        );
    });
    return [value];
  },
};

/** Adds cells around a tensor; negative pads crop. */
const pad: Operator = {
  op: "Pad",
  run(inputs, attributes) {
    let value = anyInput(inputs, 0, "Pad");
    const pads = integersOf(anyInput(inputs, 1, "Pad pads"), "Pad pads");
    const filler = inputs[2];
    const mode = textAttribute(attributes, "mode", ["constant", "reflect", "edge"]);
    const rank = value.dims.length;
    const axes = inputs[3] ? integersOf(inputs[3], "Pad axes") : value.dims.map((_, axis) => axis);
    if (pads.length !== axes.length * 2) {
      throw new BunrakuError("SHAPE", `Pad: wanted ${axes.length * 2} pads, got ${pads.length}.`);
    }
    axes.forEach((listed, at) => {
      const axis = axisOf(listed, rank);
      const before = pads[at]!;
      const after = pads[at + axes.length]!;
      const size = value.dims[axis]!;
      if (before === 0 && after === 0) return;
      if (size + before + after < 0)
        throw new BunrakuError("SHAPE", `Pad: [${pads.join(", ")}] crop more than there is.`);
      const rows = new Int32Array(size + before + after);
      for (let row = 0; row < rows.length; row++) rows[row] = paddedRow(row - before, size, mode);
      value = take(value, axis, rows, filler);
    });
    return [value];
  },
};

/** Which row a padded row repeats; -1 for none. */
function paddedRow(row: number, size: number, mode: "constant" | "reflect" | "edge"): number {
  if (row >= 0 && row < size) return row;
  if (mode === "constant") return -1;
  if (mode === "edge") return row < 0 ? 0 : size - 1;
  const period = Math.max(1, 2 * (size - 1)); // mirrored at the centres of the edge cells, which do not repeat
  const phase = ((row % period) + period) % period;
  return phase < size ? phase : period - phase;
}

export const repeatOperators: readonly Operator[] = [expandOperator, tile, pad];
