export { antiAliasDown, antiAliasStride, antiAliasTaps } from "./anti-alias/anti-alias.ts";
export { type GridSampleOptions, gridSample, toPixels } from "./grid-sample/grid-sample.ts";
export { coordinateOf, type Flow, identityGrid } from "./identity-grid/identity-grid.ts";
export { type Displacement, displacementOf } from "./picture-warp/displacement.ts";
export { type BlendMap, warpImage, warpPicture } from "./picture-warp/picture-warp.ts";
export { imageToPicture } from "./pixels/image-to-picture.ts";
export {
  type Crop,
  centreCrop,
  cropPicture,
  expectCrop,
  expectPicture,
  flattenPicture,
  type Picture,
} from "./pixels/picture.ts";
export { createPictureResizer, type Image } from "./pixels/picture-resizer.ts";
export { resizeBilinear, type Size } from "./resize/resize-bilinear.ts";
export { nearestIndices, resizeNearest } from "./resize/resize-nearest.ts";
export { scaledSize } from "./resize/scaled-size.ts";
