import type { Packet } from "node-av";
import type { NodeAv } from "../codecs/node-av.ts";
import {
  type EncodedPart,
  encoderSettings,
  type PictureEncoder,
  type PictureEncoderOptions,
  TO_YUV,
} from "./picture-encoder.ts";

/** Encodes with FFmpeg's codecs in this process. */
export async function encodeWithNodeAv({ av }: NodeAv, options: PictureEncoderOptions): Promise<PictureEncoder> {
  const { codec, width, height, frameRate } = options;
  const rate = new av.Rational(Math.round(frameRate * 1000), 1000);
  const timeBase = { num: rate.den, den: rate.num };
  const settings = encoderSettings(options);
  const encoder = await av.Encoder.create(codec === "avc" ? av.FF_ENCODER_LIBX264 : av.FF_ENCODER_LIBVPX_VP9, {
    options: settings,
    context: { framerate: rate },
  });
  const filter = av.FilterAPI.create(TO_YUV, { threads: 1 });
  let index = 0;

  const take = (packets: readonly Packet[]): EncodedPart[] =>
    packets.map((packet) => {
      const part = {
        data: new Uint8Array(packet.data ?? []),
        key: packet.isKeyframe,
        index: Number(packet.pts),
      };
      packet.free();
      return part;
    });

  return {
    async encode(rgba) {
      const pixels = Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength);
      const frame = av.Frame.fromVideoBuffer(pixels, { width, height, format: av.AV_PIX_FMT_RGBA, timeBase });
      const parts: EncodedPart[] = [];
      try {
        frame.pts = BigInt(index++);
        frame.duration = 1n;
        for (const converted of await filter.processAll(frame)) {
          try {
            parts.push(...take(await encoder.encodeAll(converted)));
          } finally {
            converted.free();
          }
        }
      } finally {
        frame.free();
      }
      return parts;
    },
    async flush() {
      await encoder.flush();
      const parts: EncodedPart[] = [];
      for await (const packet of encoder.flushPackets()) parts.push(...take([packet]));
      return parts;
    },
    async close() {
      filter.close();
      encoder.close();
    },
  };
}
