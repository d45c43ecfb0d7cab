import { FilePathSource, Input, MP4, OGG } from "mediabunny";
import { startFfmpeg } from "../codecs/system-ffmpeg.ts";
import type { ContainerAudio } from "../read/audio-track.ts";
import { ONLY_THIS_FILE } from "../read/decode-with-ffmpeg.ts";
import type { AudioPump } from "./audio-pump.ts";
import { packetPump } from "./copy-audio.ts";
import { dropAudio } from "./drop-audio.ts";
import type { Target } from "./target.ts";

/** What C libraries say when there is no room for a file, and the code that they said it for. */
const NO_ROOM: Readonly<Record<string, string>> = {
  "No space left on device": "ENOSPC",
  "Disk quota exceeded": "EDQUOT",
  "File too large": "EFBIG",
};

/**
 * Encodes the sound anew with the `ffmpeg` program, into a hidden file beside the target, and copies it from there.
 *
 * @throws an error with the system's code when there is no room for that file: the sound is not left out for it
 */
export async function transcodeAudioWithFfmpeg(
  program: string,
  audio: ContainerAudio,
  codec: "aac" | "opus",
  target: Target,
): Promise<AudioPump> {
  const scratch = target.scratch(codec === "aac" ? ".m4a" : ".ogg");
  let noRoom: string | undefined;
  const channels = Math.min(2, await audio.track.getNumberOfChannels());
  // biome-ignore format: options and their values stay together
  const args = [
    "-loglevel", "error", "-copyts", ...ONLY_THIS_FILE, "-i", `file:${audio.path}`, "-map", "0:a:0", "-vn",
    // Silence up to where the sound begins: the new file then has the clock of the old one.
    "-af", "aresample=48000:async=1:first_pts=0", "-ac", String(channels),
    "-c:a", codec === "aac" ? "aac" : "libopus", "-b:a", codec === "aac" ? "160k" : "128k",
    "-f", codec === "aac" ? "mp4" : "ogg", "-y", `file:${scratch}`,
  ];
  // Not always in its last line.
  const ffmpeg = startFfmpeg(program, args, (line) => {
    noRoom ??= Object.keys(NO_ROOM).find((said) => line.includes(said));
  });
  ffmpeg.child.stdin?.end();
  ffmpeg.child.stdout?.resume();
  const { code } = await ffmpeg.exit;
  if (code !== 0 && noRoom) throw Object.assign(new Error(`${program}: ${noRoom}`), { code: NO_ROOM[noRoom] });
  if (code !== 0) return dropAudio(`ffmpeg could not encode the sound (${ffmpeg.complaint()}), so it was left out.`);
  const input = new Input({ formats: [codec === "aac" ? MP4 : OGG], source: new FilePathSource(scratch) });
  const track = await input.getPrimaryAudioTrack();
  if (!track) {
    input.dispose();
    return dropAudio("ffmpeg encoded no sound, so it was left out.");
  }
  const pump = packetPump(track, codec, codec === "aac" ? "mp4" : "webm", audio.origin);
  return {
    outcome: "transcoded",
    warnings: [],
    ...pump,
    async close() {
      await pump.close();
      input.dispose();
    },
  };
}
