import { BunrakuError } from "@bunraku/backends";
import {
  type Crop,
  centreCrop,
  createPictureResizer,
  cropPicture,
  expectCrop,
  expectPicture,
  flattenPicture,
  type Image,
  imageToPicture,
  type Picture,
  type Size,
} from "@bunraku/warp";
import type { Model } from "../models/model.ts";
import type { RenderMode } from "./compose.ts";

/** What may be asked of the source. */
export interface SourceChoices {
  readonly render?: RenderMode | undefined;
  readonly sourceCrop?: Crop | undefined;
  readonly size?: Size | undefined;
  readonly background?: readonly [number, number, number] | undefined;
}

/** The source, ready for its frames. */
export interface PreparedSource {
  /** At the resolution of the result, opaque. */
  readonly still: Picture;
  /** At the model's size. */
  readonly image: Image;
  readonly mode: RenderMode;
  /** Size of the result. */
  readonly outputSize: Size;
}

/**
 * Crops and flattens the source, and settles how its frames will be made.
 *
 * @param name of the source, for errors
 * @throws `SHAPE`, `OPTION`
 */
export function prepareSource(
  model: Model,
  source: Picture,
  { sourceCrop, size, background, render }: SourceChoices,
  name = "source",
): PreparedSource {
  expectPicture(source, name);
  const crop = sourceCrop ?? centreCrop(source, model.size.width / model.size.height);
  expectCrop(crop, source, `${name} crop`);
  const wanted = size ?? crop;
  const larger = wanted.width > model.size.width || wanted.height > model.size.height;
  const mode = render ?? (larger && model.hasMotion ? "hybrid" : "generator");
  if (mode !== "generator" && !model.hasMotion) {
    throw new BunrakuError(
      "OPTION",
      `render: this model estimates no motion, so it cannot "${mode}". Use "generator".`,
    );
  }
  const opaque = flattenPicture(source, background);
  const image = createPictureResizer(opaque, model.size, crop)(opaque);
  if (mode === "generator") return { still: imageToPicture(image), image, mode, outputSize: size ?? model.size };
  const asItIs = wanted.width === crop.width && wanted.height === crop.height;
  const still = asItIs ? cropPicture(opaque, crop) : imageToPicture(createPictureResizer(opaque, wanted, crop)(opaque));
  return { still, image, mode, outputSize: { width: wanted.width, height: wanted.height } };
}
