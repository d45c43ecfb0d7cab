import { findFfmpeg } from "../node/codecs/system-ffmpeg.ts";

/** Both ways to decode and encode; without a system ffmpeg, the tests of that way are skipped and say so. */
export const codecChoices = [
  { codecs: "node-av", skip: false, name: "with the codec packages" },
  await findFfmpeg().then((found) =>
    found
      ? ({ codecs: "ffmpeg", skip: false, name: "with the system's ffmpeg" } as const)
      : ({ codecs: "ffmpeg", skip: true, name: "with the system's ffmpeg (skipped: none on PATH)" } as const),
  ),
] as const;
