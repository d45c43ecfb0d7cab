import type { AudioCodec } from "mediabunny";
import { EncodedAudioPacketSource, type EncodedPacket, EncodedPacketSink, type InputAudioTrack } from "mediabunny";
import type { ContainerAudio } from "../read/audio-track.ts";
import type { AudioPump } from "./audio-pump.ts";

/** Copies packets as they are, so the sound loses nothing; cuts fall between packets (about 21 ms). */
export function copyAudio(audio: ContainerAudio, format: "mp4" | "webm"): AudioPump {
  return {
    outcome: "copied",
    warnings: [],
    ...packetPump(audio.track, audio.codec as AudioCodec, format, audio.origin),
  };
}

/** Pumps the packets of a track. @param origin File time of the reader's zero. Seconds. */
export function packetPump(
  track: InputAudioTrack,
  codec: AudioCodec,
  format: "mp4" | "webm",
  origin: number,
): Pick<AudioPump, "begin" | "advance" | "finish" | "close"> & { source: EncodedAudioPacketSource } {
  const source = new EncodedAudioPacketSource(codec);
  let packets: AsyncGenerator<EncodedPacket, void, unknown> | undefined;
  let next: EncodedPacket | undefined;
  let zero = origin;
  let config: AudioDecoderConfig | undefined;

  const take = async () => {
    next = (await packets?.next())?.value ?? undefined;
  };
  const pump = async (until: number) => {
    while (next && next.timestamp - zero < until) {
      const timestamp = next.timestamp - zero;
      // MP4 can begin before 0, which keeps the packet that decoders need to warm up; WebM cannot.
      const wanted = format === "mp4" ? timestamp + 2 * next.duration > 0 : timestamp > -0.0005;
      if (wanted) {
        const packet = next.clone({ timestamp: format === "mp4" ? timestamp : Math.max(0, timestamp) });
        await source.add(packet, config && { decoderConfig: config });
        config = undefined;
      }
      await take();
    }
  };

  return {
    source,
    async begin(start) {
      zero = origin + start;
      config = (await track.getDecoderConfig()) ?? undefined;
      const sink = new EncodedPacketSink(track);
      const near = await sink.getPacket(zero - 0.1);
      packets = sink.packets(near ?? undefined);
      await take();
    },
    advance: pump,
    async finish(duration) {
      await pump(duration);
      source.close();
    },
    async close() {
      await packets?.return();
    },
  };
}
