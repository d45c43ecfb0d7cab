export { colourWheel } from "./colour/colour-wheel.ts";
export { type FlowToPictureOptions, flowToPicture } from "./colour/flow-to-picture.ts";
export { type ComposedFlow, composeFlows } from "./compose/compose-flows.ts";
export { type ConsistencyOptions, type FlowConsistency, flowConsistency } from "./consistency/flow-consistency.ts";
export {
  type Alignment,
  type FlowOffsets,
  flowFromOffsets,
  flowFromPixels,
  flowToOffsets,
  flowToPixels,
  offsetsToPixels,
  pixelsToOffsets,
} from "./conversions/conversions.ts";
export { type EndPointError, endPointError } from "./end-point-error/end-point-error.ts";
export { readFlo } from "./flo/read-flo.ts";
export { writeFlo } from "./flo/write-flo.ts";
export { type InvertedFlow, invertFlow } from "./invert/invert-flow.ts";
export type { InversionLimits } from "./invert/invert-place.ts";
export { type ReadKittiFlowOptions, readKittiFlow } from "./kitti/read-kitti-flow.ts";
export { writeKittiFlow } from "./kitti/write-kitti-flow.ts";
export type { Mask, MaskedFlow, PixelFlow } from "./pixel-flow.ts";
export { resizeFlow } from "./resize/resize-flow.ts";
export { scaleFlow } from "./scale/scale-flow.ts";
