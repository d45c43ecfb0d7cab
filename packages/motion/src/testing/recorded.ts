import { readFileSync } from "node:fs";

/** Recordings of the default model watching samples/driving/nod.mp4 (fixtures/motion-clips/README.md). */
export function recordedBytes(name: "nod" | "nod-noisy"): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../../fixtures/motion-clips/${name}.bkmotion`, import.meta.url)));
}
