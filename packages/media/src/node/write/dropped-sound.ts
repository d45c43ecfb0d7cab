import type { WrittenVideo } from "./video-writer.ts";

/** What to report of the sound in a format that has none. */
export function droppedSound(hadSound: boolean, format: string): Pick<WrittenVideo, "audio" | "warnings"> {
  if (!hadSound) return { audio: "none", warnings: [] };
  const message = `${format} has no sound, so it was left out. Write .mp4 or .webm to keep it.`;
  return { audio: "dropped", warnings: [{ type: "audio-dropped", message }] };
}
