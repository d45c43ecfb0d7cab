import { type InputVideoTrack, VideoSampleSink } from "mediabunny";
import type { Frame as AvFrame } from "node-av";
import type { NodeAv } from "../codecs/node-av.ts";
import { type DisplayShape, displayFilters, guessMatrix, matrixName } from "./display-shape.ts";
import type { DecodedPicture } from "./frame-durations.ts";

/**
 * Decodes with mediabunny and FFmpeg's codecs in this process.
 *
 * mediabunny's own conversion to RGB takes every stream for BT.601, so frames go through FFmpeg's filters here, which
 * also turn them upright.
 *
 * @param start First moment to show, on the clock of the file. Seconds.
 * @param end Frames from here on are left out. Seconds.
 */
export async function* decodeWithNodeAv(
  { av, toAvFrame }: NodeAv,
  track: InputVideoTrack,
  shape: DisplayShape,
  start: number | undefined,
  end: number,
): AsyncGenerator<DecodedPicture, void, undefined> {
  const sink = new VideoSampleSink(track, { hardwareAcceleration: "prefer-software" });
  const frame = new av.Frame();
  frame.alloc();
  let filter: import("node-av").FilterAPI | undefined;
  try {
    for await (const sample of sink.samples(start, end)) {
      const { timestamp, duration } = sample;
      try {
        await toAvFrame(sample, frame);
      } finally {
        sample.close();
      }
      filter ??= av.FilterAPI.create(displayFilters(shape, ...colourOf(av, frame, shape)), { threads: 1 });
      for (const shown of await filter.processAll(frame)) {
        const pixels = shown.toBuffer();
        const { width, height } = shown;
        shown.free();
        const data = new Uint8ClampedArray(pixels.buffer as ArrayBuffer, pixels.byteOffset, pixels.byteLength);
        yield { width, height, data, timestamp, duration };
      }
      frame.unref();
    }
  } finally {
    filter?.close();
    frame.free();
  }
}

/** Matrix and range for `scale`: what the stream says, else what the container says, else a guess. */
function colourOf(av: NodeAv["av"], frame: AvFrame, shape: DisplayShape): [matrix: string, range: string] {
  const said = frame.colorSpace !== av.AVCOL_SPC_UNSPECIFIED;
  const matrix = said ? "auto" : (matrixName(shape.matrix) ?? guessMatrix(shape));
  if (frame.colorRange === av.AVCOL_RANGE_JPEG) return [matrix, "pc"];
  if (frame.colorRange === av.AVCOL_RANGE_MPEG) return [matrix, "tv"];
  // The deprecated yuvj formats carry full range in their name, which "auto" knows.
  return [matrix, shape.fullRange === true ? "pc" : "auto"];
}
