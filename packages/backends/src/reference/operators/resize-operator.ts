import { BunrakuError } from "../../contract/error.ts";
import type { Tensor } from "../../contract/tensor.ts";
import { intAttribute, intsAttribute, textAttribute } from "../attributes.ts";
import { axisOf } from "../axes.ts";
import { type Attributes, anyInput, integersOf, type Operator, wantInput } from "../operator.ts";
import { type AxisResize, linearAlong, nearestAlong } from "./resize.ts";

/** Resize by `scales` (input 2) or to `sizes` (input 3); input 1, the region of interest, belongs to a mode we lack. */
export const resizeOperator: Operator = {
  op: "Resize",
  run(inputs, attributes) {
    const value = anyInput(inputs, 0, "Resize");
    const mode = textAttribute(attributes, "mode", ["nearest", "linear"]);
    const coordinates = textAttribute(attributes, "coordinate_transformation_mode", [
      "half_pixel",
      "pytorch_half_pixel",
      "asymmetric",
      "align_corners",
    ]);
    if (intAttribute(attributes, "antialias", 0) !== 0)
      throw new BunrakuError("UNSUPPORTED", "Resize has no antialias.");
    textAttribute(attributes, "keep_aspect_ratio_policy", ["stretch"]);
    const resizes = resizesOf(value, inputs, attributes).filter(({ size, wanted }) => size !== wanted);
    if (mode === "linear") return [linearAlong(wantInput(inputs, 0, "Resize"), resizes, coordinates)];
    const rounding = textAttribute(attributes, "nearest_mode", [
      "round_prefer_floor",
      "round_prefer_ceil",
      "floor",
      "ceil",
    ]);
    let resized = value;
    for (const resize of resizes) resized = nearestAlong(resized, resize, coordinates, rounding);
    return [resized];
  },
};

function resizesOf(value: Tensor, inputs: readonly (Tensor | undefined)[], attributes: Attributes): AxisResize[] {
  const axes = (intsAttribute(attributes, "axes") ?? value.dims.map((_, axis) => axis)).map((axis) =>
    axisOf(axis, value.dims.length),
  );
  const scales = inputs[2]?.dims[0] ? wantInput(inputs, 2, "Resize scales").data : undefined;
  const sizes = inputs[3]?.dims[0] ? integersOf(inputs[3], "Resize sizes") : undefined;
  const given = (scales ?? sizes)?.length;
  if ((scales && sizes) || given !== axes.length) {
    const got = scales && sizes ? "both" : (given ?? "none");
    throw new BunrakuError("SHAPE", `Resize: wanted ${axes.length} scales or sizes, got ${got}.`);
  }
  return axes.map((axis, at) => {
    const size = value.dims[axis]!;
    const wanted = sizes ? sizes[at]! : Math.floor(size * scales![at]!);
    if (wanted < 1) throw new BunrakuError("SHAPE", `Resize: axis ${axis} of ${size} would have ${wanted} cells.`);
    return { axis, size, wanted, scale: scales ? scales[at]! : wanted / size };
  });
}
