export { floatToHalf, HALF_INFINITY, halfToFloat } from "../numbers/half.ts";
export { decodeModel } from "./decode-model.ts";
export { encodeModel } from "./encode-model.ts";
export {
  type Attribute,
  type FloatAttribute,
  float,
  type Graph,
  type GraphNode,
  type GraphPiece,
  type GraphValue,
  type HalfGraph,
  type HalfInitializer,
  type Initializer,
  opset,
} from "./graph.ts";
export { GraphBuilder, type Value } from "./graph-builder.ts";
export { type GraphLoadOptions, loadGraph, type Rewrite } from "./load-graph.ts";
export { toFloat16 } from "./passes/float16/to-float16.ts";
export { foldBatchNorm } from "./passes/fold-batch-norm/fold-batch-norm.ts";
export { padChannels } from "./passes/pad-channels/pad-channels.ts";
export { type QuantizeOptions, quantize, quantizedLayers, valuesToMeasure } from "./passes/quantize/quantize.ts";
export { layerKey, valueKeys } from "./passes/quantize/value-keys.ts";
export type { ValueRange } from "./passes/quantize/value-range.ts";
export { ungroup } from "./passes/ungroup/ungroup.ts";
