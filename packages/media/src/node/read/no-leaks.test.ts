import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Logging } from "mediabunny";
import { expect, test } from "vitest";
import { steady, writeSourceVideo } from "../../testing/source-video.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { createVideoWriter } from "../write/create-video-writer.ts";
import { openVideo } from "./open-video.ts";

test("leaving a loop frees every sample: mediabunny finds none that was forgotten", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await using folder = await temporaryFolder();
  const audio = { codec: "aac", from: 0, to: 2 } as const;
  await writeSourceVideo(folder.file("in.mp4"), { times: steady(50, 25), audio });
  const complaints: unknown[] = [];
  const stops = (["warn", "error"] as const).map((level) => Logging.on(level, (said) => complaints.push(said)));
  {
    await using reader = await openVideo(folder.file("in.mp4"), { codecs: "node-av" });
    for (const stopAt of [1, 7, 30]) {
      let count = 0;
      for await (const _ of reader.frames()) if (++count === stopAt) break;
    }
    // WebM: the sound is decoded and encoded anew, and given up half way.
    await using writer = await createVideoWriter(folder.file("out.webm"), { ...reader.info, audio: reader.audio });
    for await (const frame of reader.frames({ duration: 1 })) await writer.write(frame);
  }
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (const stop of stops) stop();
  expect(complaints).toEqual([]);
});
