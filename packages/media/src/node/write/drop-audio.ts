import type { AudioPump } from "./audio-pump.ts";

/** Leaves the sound out, and says why. */
export function dropAudio(message: string): AudioPump {
  const nothing = async () => {};
  return {
    source: undefined,
    outcome: "dropped",
    warnings: [{ type: "audio-dropped", message }],
    begin: nothing,
    advance: nothing,
    finish: nothing,
    close: nothing,
  };
}
