import { type AudioSample, AudioSampleSink, AudioSampleSource, canEncodeAudio } from "mediabunny";
import type { ContainerAudio } from "../read/audio-track.ts";
import type { AudioPump } from "./audio-pump.ts";
import { dropAudio } from "./drop-audio.ts";

/** Opus knows 48 kHz and its fractions only, AAC a list of rates with this one in it. */
const SAMPLE_RATE = 48000;

/** Decodes the sound and encodes it anew with the codec packages, as 48 kHz mono or stereo. */
export async function transcodeAudio(audio: ContainerAudio, codec: "aac" | "opus"): Promise<AudioPump> {
  const numberOfChannels = Math.min(2, await audio.track.getNumberOfChannels());
  const format = { numberOfChannels, sampleRate: SAMPLE_RATE };
  const bitrate = codec === "aac" ? 160_000 : 128_000;
  if (!(await canEncodeAudio(codec, { ...format, bitrate }))) {
    return dropAudio(
      `The sound (${audio.codec}) would have to become ${codec}, which cannot be encoded here: left out.`,
    );
  }
  // An AAC encoder puts 1024 samples of its own first, which nobody tells the container: begin so much earlier.
  const delay = codec === "aac" ? 1024 / SAMPLE_RATE : 0;
  const source = new AudioSampleSource({ codec, bitrate, transform: format });
  let samples: AsyncGenerator<AudioSample, void, unknown> | undefined;
  let next: AudioSample | undefined;
  let zero = audio.origin;

  const take = async () => {
    next = (await samples?.next())?.value ?? undefined;
  };
  /** Cuts what lies outside, to the sample. */
  const cut = (sample: AudioSample, until: number): AudioSample | undefined => {
    const { sampleRate, numberOfFrames } = sample;
    const begins = sample.timestamp - zero;
    const from = Math.max(0, Math.round(-begins * sampleRate));
    const to = Math.min(numberOfFrames, Math.round((until - begins) * sampleRate));
    if (from >= to) return undefined;
    const part = from === 0 && to === numberOfFrames ? sample.clone() : sample.trim(from, to);
    part.setTimestamp(Math.max(0, begins + from / sampleRate) - delay);
    return part;
  };
  const pump = async (until: number, whole: boolean) => {
    // While pictures still come, only whole pieces are written; the end cuts the last one.
    while (next && next.timestamp - zero + (whole ? next.duration : 0) <= until) {
      const part = cut(next, until);
      next.close();
      try {
        if (part) await source.add(part);
      } finally {
        part?.close();
      }
      await take();
    }
  };

  return {
    source,
    outcome: "transcoded",
    warnings: [],
    async begin(start) {
      zero = audio.origin + start;
      samples = new AudioSampleSink(audio.track).samples(zero);
      await take();
    },
    advance: (time) => pump(time, true),
    async finish(duration) {
      await pump(duration, false);
      source.close();
    },
    async close() {
      next?.close();
      next = undefined;
      await samples?.return();
    },
  };
}
