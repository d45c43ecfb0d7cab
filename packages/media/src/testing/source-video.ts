import {
  type AudioCodec,
  AudioSample,
  AudioSampleSource,
  FilePathTarget,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  type Rotation,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from "mediabunny";
import { loadNodeAv } from "../node/codecs/node-av.ts";
import { film } from "./pictures.ts";

interface SourceVideo {
  /** Seconds; one frame each. */
  times: readonly number[];
  width?: number;
  height?: number;
  picture?: (index: number) => { data: Uint8ClampedArray };
  rotation?: Rotation;
  audio?: { codec: AudioCodec; from: number; to: number; sampleRate?: number };
}

/** Writes a video as another program would: straight through mediabunny, not through this package's writer. */
export async function writeSourceVideo(path: string, video: SourceVideo): Promise<void> {
  await loadNodeAv();
  const { times, width = 64, height = 48, rotation = 0, audio } = video;
  const picture = video.picture ?? ((index: number) => film(width, height, index));
  const webm = path.endsWith(".webm");
  const format = webm
    ? new WebMOutputFormat()
    : path.endsWith(".mkv")
      ? new MkvOutputFormat()
      : path.endsWith(".mov")
        ? new MovOutputFormat()
        : new Mp4OutputFormat();
  const output = new Output({ format, target: new FilePathTarget(path) });
  const pictures = new VideoSampleSource({ codec: webm ? "vp9" : "avc", bitrate: 1e6 });
  output.addVideoTrack(pictures, { rotation });
  const sound = audio && new AudioSampleSource({ codec: audio.codec, bitrate: 64_000 });
  if (sound) output.addAudioTrack(sound);
  await output.start();
  for (const [index, timestamp] of times.entries()) {
    const duration = (times[index + 1] ?? timestamp + 0.04) - timestamp;
    using sample = new VideoSample(picture(index).data, {
      format: "RGBA",
      codedWidth: width,
      codedHeight: height,
      timestamp,
      duration,
    });
    await pictures.add(sample);
  }
  pictures.close();
  if (audio && sound) {
    using sample = tone(audio.from, audio.to, audio.sampleRate);
    await sound.add(sample);
    sound.close();
  }
  await output.finalize();
}

/** A tone of 440 Hz, mono. */
function tone(from: number, to: number, sampleRate = 48000): AudioSample {
  const data = Float32Array.from({ length: Math.round((to - from) * sampleRate) }, (_, i) => {
    return 0.3 * Math.sin((2 * Math.PI * 440 * i) / sampleRate);
  });
  return new AudioSample({ data, format: "f32", numberOfChannels: 1, sampleRate, timestamp: from });
}

/** `count` times at a rate. */
export function steady(count: number, rate: number): number[] {
  return Array.from({ length: count }, (_, i) => i / rate);
}
