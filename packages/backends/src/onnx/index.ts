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
  type Initializer,
  opset,
} from "./graph.ts";
export { GraphBuilder, type Value } from "./graph-builder.ts";
