/** One encoded picture. */
export interface EncodedPart {
  readonly data: Uint8Array;
  readonly key: boolean;
  /** Which picture it is, in order of display. Parts come in order of decoding. */
  readonly index: number;
}

/** Turns pictures into a stream of one codec: BT.709, limited range, 4:2:0. */
export interface PictureEncoder {
  /** Takes the next picture (RGBA of the size it was made for) and yields what is ready. */
  encode(rgba: Uint8Array): Promise<readonly EncodedPart[]>;
  /** Yields the rest. */
  flush(): Promise<readonly EncodedPart[]>;
  close(): Promise<void>;
}

export interface PictureEncoderOptions {
  readonly codec: "avc" | "vp9";
  /** Even. */
  readonly width: number;
  readonly height: number;
  /** Frames per second, for rate control only: times are the container's business. */
  readonly frameRate: number;
  /** 0 to 100. */
  readonly quality: number;
}

/**
 * RGB to YUV by BT.709 with limited range, and the tags that say so.
 *
 * FFmpeg by itself converts by BT.601 and tags nothing; players then show 235,56,36 for 220,40,40.
 */
export const TO_YUV =
  "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv420p," +
  "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv,setsar=1";

/** Options of libx264 or libvpx-vp9 for a quality, as names and values. */
export function encoderSettings({ codec, quality, frameRate }: PictureEncoderOptions): Record<string, string> {
  // A key frame every five seconds at most, so that players can jump.
  const g = String(Math.max(1, Math.min(250, Math.round(frameRate * 5))));
  if (codec === "avc") return { crf: (38 - quality / 4).toFixed(1), preset: "medium", profile: "high", g };
  // crf without a bit rate of 0 would be a ceiling only. "good" and 4 are libvpx's usual middle of speed and size.
  const crf = String(Math.round(46 - quality / 4));
  return { crf, b: "0", deadline: "good", "cpu-used": "4", "row-mt": "1", g };
}
