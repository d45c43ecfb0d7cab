export { antiAliasDownOnnx } from "./anti-alias/anti-alias.onnx.ts";
export { gridSampleOnnx } from "./grid-sample/grid-sample.onnx.ts";
export { warpImageOnnx } from "./picture-warp/warp-image.onnx.ts";
export { resizeBilinearOnnx } from "./resize/resize-bilinear.onnx.ts";
export { resizeNearestOnnx } from "./resize/resize-nearest.onnx.ts";
