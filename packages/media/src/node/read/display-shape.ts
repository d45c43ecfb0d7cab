import type { InputVideoTrack } from "mediabunny";

/** How coded pixels become displayed ones. */
export interface DisplayShape {
  /** Size after scaling to square pixels, before rotation. */
  readonly squareWidth: number;
  readonly squareHeight: number;
  /** Degrees clockwise. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Mirrored left to right, after rotation. */
  readonly flip: boolean;
  /** Displayed size. */
  readonly width: number;
  readonly height: number;
  /** Colour as the container says, for streams that do not say it themselves. */
  readonly matrix: string | undefined;
  readonly fullRange: boolean | undefined;
}

/** Reads rotation, pixel aspect and colour of a track. */
export async function displayShape(track: InputVideoTrack): Promise<DisplayShape> {
  const rotation = await track.getRotation();
  const squareWidth = await track.getSquarePixelWidth();
  const squareHeight = await track.getSquarePixelHeight();
  const turned = rotation === 90 || rotation === 270;
  const colour = await track.getColorSpace();
  return {
    squareWidth,
    squareHeight,
    rotation,
    flip: await track.getFlip(),
    width: turned ? squareHeight : squareWidth,
    height: turned ? squareWidth : squareHeight,
    matrix: colour.matrix ?? undefined,
    fullRange: colour.fullRange ?? undefined,
  };
}

/**
 * The FFmpeg filters from decoded pixels to displayed RGBA.
 *
 * @param matrix Name of the YUV matrix for FFmpeg's `scale`, or "auto" to let it use the tags of the stream.
 * @param range "pc", "tv" or "auto".
 */
export function displayFilters(shape: DisplayShape, matrix: string, range: string): string {
  // Turned as RGBA: turning subsampled colour of odd sizes would lose a column.
  const turn = { 0: "", 90: ",transpose=1", 180: ",hflip,vflip", 270: ",transpose=2" }[shape.rotation];
  const scale =
    `scale=w=${shape.squareWidth}:h=${shape.squareHeight}:in_color_matrix=${matrix}:in_range=${range}:out_range=pc` +
    ":flags=bicubic+accurate_rnd+full_chroma_int";
  return `${scale},format=rgba${turn}${shape.flip ? ",hflip" : ""},setsar=1`;
}

/** The matrix of a stream that names none: that of the television of its size, as mpv and browsers guess. */
export function guessMatrix(shape: DisplayShape): "bt709" | "bt601" {
  return shape.squareWidth >= 1280 || shape.squareHeight > 576 ? "bt709" : "bt601";
}

/** The name FFmpeg's `scale` has for a WebCodecs matrix; `undefined` for RGB and unknown ones. */
export function matrixName(matrix: string | undefined): string | undefined {
  return matrix === "bt709"
    ? "bt709"
    : matrix === "smpte170m" || matrix === "bt470bg"
      ? "bt601"
      : matrix === "bt2020-ncl"
        ? "bt2020"
        : undefined;
}
