import { BunrakuError } from "../../contract/error.ts";
import { type DataOf, type DType, tensor } from "../../contract/tensor.ts";
import { onnxType } from "../../onnx/encode-model.ts";
import { intAttribute } from "../attributes.ts";
import { newElements } from "../elements.ts";
import { anyInput, integersOf, type Operator } from "../operator.ts";

const lowestInt64 = -(2n ** 63n);

const cast: Operator = {
  op: "Cast",
  run(inputs, attributes) {
    const value = anyInput(inputs, 0, "Cast");
    const number = intAttribute(attributes, "to", 0);
    const type = (Object.keys(onnxType) as DType[]).find((name) => onnxType[name] === number);
    if (!type)
      throw new BunrakuError("UNSUPPORTED", `Cast: to must be one of ${Object.values(onnxType)}, got ${number}.`);
    return [tensor(type, converted(value.data, type, value.dims), value.dims)];
  },
};

/** Fractions are dropped; what is not zero is true. */
function converted(data: DataOf[DType], type: DType, dims: readonly number[]): DataOf[DType] {
  const out = newElements(type, dims);
  for (let at = 0; at < out.length; at++) {
    const value = Number(data[at]!);
    if (out instanceof BigInt64Array) {
      // What C++ yields for numbers that do not fit, on the machines the runtimes run on.
      out[at] = Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : lowestInt64;
    } else out[at] = type === "bool" ? Number(value !== 0) : value;
  }
  return out;
}

const shape: Operator = {
  op: "Shape",
  run(inputs, attributes) {
    const { dims } = anyInput(inputs, 0, "Shape");
    const part = dims.slice(intAttribute(attributes, "start", 0), intAttribute(attributes, "end", dims.length));
    return [tensor("int64", BigInt64Array.from(part, BigInt), [part.length])];
  },
};

/** Zeros: with another value it has become an Expand when the model was decoded. */
const constantOfShape: Operator = {
  op: "ConstantOfShape",
  run(inputs) {
    const dims = integersOf(anyInput(inputs, 0, "ConstantOfShape"), "ConstantOfShape");
    return [tensor("float32", newElements("float32", dims), dims)];
  },
};

export const convertOperators: readonly Operator[] = [cast, shape, constantOfShape];
