// A module of its own: import() of the whole entry point would fetch all that it exports, and before it is asked for.
export { quantize } from "@bunraku/backends/onnx";
