import { BunrakuError } from "@bunraku/backends";
import {
  type Crop,
  createPictureResizer,
  expectPicture,
  flattenPicture,
  type Image,
  type Picture,
  type Size,
} from "@bunraku/warp";

type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Makes a function that turns driving frames into what the detector reads. All must have the first one's size.
 *
 * @param background what is behind transparent pixels, whose own colours mean nothing @default white
 * @param crop the part to read @default the largest centred rectangle of the model's aspect
 */
export function drivingReader(size: Size, crop: Crop | undefined, background?: Rgb): (frame: Picture) => Image {
  let reader: { width: number; height: number; read: (picture: Picture) => Image } | undefined;
  return (frame) => {
    expectPicture(frame, "driving frame");
    if (!reader) {
      const { width, height } = frame;
      reader = { width, height, read: createPictureResizer(frame, size, crop) };
    }
    if (frame.width !== reader.width || frame.height !== reader.height) {
      throw new BunrakuError(
        "SHAPE",
        `driving: every frame must be ${reader.width} × ${reader.height} like the first, got ${frame.width} × ${frame.height}.`,
      );
    }
    return reader.read(flattenPicture(frame, background));
  };
}
