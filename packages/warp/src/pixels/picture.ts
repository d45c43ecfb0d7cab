import { BunrakuError } from "@bunraku/backends";

/** RGBA bytes, row-major, straight alpha, sRGB: what a canvas and most decoders give (ImageData fits). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** A rectangle of a picture, in pixels. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @throws `SHAPE` when the bytes do not fit the size. */
export function expectPicture(picture: Picture, what: string): void {
  const { width, height, data } = picture;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new BunrakuError("SHAPE", `${what}: expected a picture of at least 1 × 1 pixels, got ${width} × ${height}.`);
  }
  if (data.length !== width * height * 4) {
    throw new BunrakuError(
      "SHAPE",
      `${what}: ${width} × ${height} RGBA needs ${width * height * 4} bytes, got ${data.length}.`,
    );
  }
}

/** The largest rectangle of `aspect` (width / height) in the middle of a picture. */
export function centreCrop({ width, height }: { width: number; height: number }, aspect = 1): Crop {
  const cropWidth = Math.max(1, Math.min(width, Math.round(height * aspect)));
  const cropHeight = Math.max(1, Math.min(height, Math.round(width / aspect)));
  return {
    left: Math.floor((width - cropWidth) / 2),
    top: Math.floor((height - cropHeight) / 2),
    width: cropWidth,
    height: cropHeight,
  };
}

/** @throws `OPTION` when the rectangle is not whole pixels inside the picture. */
export function expectCrop(crop: Crop, { width, height }: { width: number; height: number }, what: string): void {
  const { left, top } = crop;
  const whole = [left, top, crop.width, crop.height].every(Number.isInteger);
  if (
    !whole ||
    left < 0 ||
    top < 0 ||
    crop.width < 1 ||
    crop.height < 1 ||
    left + crop.width > width ||
    top + crop.height > height
  ) {
    throw new BunrakuError(
      "OPTION",
      `${what}: a crop must be whole pixels inside ${width} × ${height}, got ${crop.width} × ${crop.height} at (${left}, ${top}).`,
    );
  }
}

/** The part of a picture inside `crop`, copied. */
export function cropPicture(picture: Picture, crop: Crop): Picture {
  expectPicture(picture, "cropPicture");
  expectCrop(crop, picture, "cropPicture");
  const data = new Uint8ClampedArray(crop.width * crop.height * 4);
  for (let y = 0; y < crop.height; y++) {
    const start = ((crop.top + y) * picture.width + crop.left) * 4;
    data.set(picture.data.subarray(start, start + crop.width * 4), y * crop.width * 4);
  }
  return { width: crop.width, height: crop.height, data };
}

/** Composites a picture over one colour: an opaque picture. Returns the same picture when it has no transparency. */
export function flattenPicture(
  picture: Picture,
  background: readonly [number, number, number] = [255, 255, 255],
): Picture {
  expectPicture(picture, "flattenPicture");
  if (isOpaque(picture.data)) return picture;
  const data = new Uint8ClampedArray(picture.data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = picture.data[i + 3]! / 255;
    for (let c = 0; c < 3; c++) data[i + c] = picture.data[i + c]! * alpha + background[c]! * (1 - alpha);
    data[i + 3] = 255;
  }
  return { width: picture.width, height: picture.height, data };
}

function isOpaque(data: Picture["data"]): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}
