// Stands in for onnxruntime-node: loads anything, and takes its thread down when it is run.
const value = { name: "x", isTensor: true, type: "float32", shape: [1, 3] };
const session = {
  inputMetadata: [value],
  outputMetadata: [{ ...value, name: "y" }],
  run: () => process.exit(3),
  release: async () => undefined,
};

export const InferenceSession = { create: async () => session };
export class Tensor {}
