import { BunrakuError } from "../../contract/error.ts";
import { tensor } from "../../contract/tensor.ts";
import { broadcastDims, expand } from "../broadcast.ts";
import { alike, newElements } from "../elements.ts";
import { anyInput, type Operator, wantInput } from "../operator.ts";

/** `condition ? a : b`, element by element. */
export const where: Operator = {
  op: "Where",
  run(inputs) {
    const condition = wantInput(inputs, 0, "Where condition", "bool");
    const a = anyInput(inputs, 1, "Where A");
    const b = anyInput(inputs, 2, "Where B");
    if (a.type !== b.type)
      throw new BunrakuError("SHAPE", `Where: A and B must have one type, got ${a.type} and ${b.type}.`);
    const dims = broadcastDims(condition.dims, a.dims, b.dims);
    const out = newElements(a.type, dims);
    const to = alike(out);
    const conditions = expand(condition, dims).data;
    const yes = alike(expand(a, dims).data);
    const no = alike(expand(b, dims).data);
    for (let at = 0; at < to.length; at++) to[at] = conditions[at] ? yes[at]! : no[at]!;
    return [tensor(a.type, out, dims)];
  },
};

/** Keeps every element between `min` and `max`, each of which may be missing; `max` wins when they cross. */
export const clip: Operator = {
  op: "Clip",
  run(inputs) {
    const input = anyInput(inputs, 0, "Clip");
    const out = input.data.slice();
    const to = alike(out);
    const low = inputs[1] && alike(wantInput(inputs, 1, "Clip min", input.type).data)[0];
    const high = inputs[2] && alike(wantInput(inputs, 2, "Clip max", input.type).data)[0];
    if (low !== undefined) for (let at = 0; at < to.length; at++) if (to[at]! < low) to[at] = low;
    if (high !== undefined) for (let at = 0; at < to.length; at++) if (to[at]! > high) to[at] = high;
    return [tensor(input.type, out, input.dims)];
  },
};

export const chooseOperators: readonly Operator[] = [where, clip];
