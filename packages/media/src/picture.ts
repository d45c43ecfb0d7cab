/**
 * A picture: RGBA bytes, row-major from the top left, straight (not premultiplied) alpha, sRGB.
 *
 * Has the fields of the browser's `ImageData`, so either can stand in for the other.
 */
export interface Picture {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `4 * width * height` bytes, owned by whoever holds the picture. */
  readonly data: Uint8ClampedArray;
}
