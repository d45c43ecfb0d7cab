import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { codecChoices } from "../../testing/codec-choices.ts";
import { patches, pixel } from "../../testing/pictures.ts";
import { readAll } from "../../testing/read-all.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { findFfmpeg } from "../codecs/system-ffmpeg.ts";
import { savePicture } from "../pictures/save-picture.ts";
import { openVideo } from "./open-video.ts";

const ffmpeg = await findFfmpeg();

/** As other programs write: matrix, range, tags, size. */
const written = [
  ["BT.601, limited, untagged, small", "bt601", "tv", [], "192:32"],
  ["BT.709, limited, untagged, HD", "bt709", "tv", [], "1920:320,pad=1920:1080"],
  ["BT.709, limited, tagged, small", "bt709", "tv", ["-colorspace", "bt709", "-color_range", "tv"], "192:32"],
  ["BT.601, full, tagged, small", "bt601", "pc", ["-colorspace", "smpte170m", "-color_range", "pc"], "192:32"],
  ["BT.709, full, tagged, small", "bt709", "pc", ["-colorspace", "bt709", "-color_range", "pc"], "192:32"],
] as const;

describe.skipIf(!ffmpeg)(
  `colours of other programs${ffmpeg ? "" : " (skipped: no ffmpeg on PATH to write them)"}`,
  () => {
    describe.each(codecChoices)("read $name", ({ codecs }) => {
      test.each(written)("%s", async (_, matrix, range, tags, size) => {
        await using folder = await temporaryFolder();
        const colours = [
          [220, 40, 40],
          [20, 200, 90],
          [30, 60, 210],
          [128, 128, 128],
          [255, 255, 255],
          [0, 0, 0],
        ];
        await savePicture(folder.file("in.png"), patches(colours, 32));
        const scale = `scale=${size.split(",")[0]}:flags=neighbor:out_color_matrix=${matrix}:out_range=${range}`;
        const filter = [scale, ...size.split(",").slice(1), "format=yuv420p"].join(",");
        // biome-ignore format: options and their values stay together
        await promisify(execFile)(ffmpeg!, [
        "-v", "error", "-i", folder.file("in.png"), "-vf", filter, ...tags, "-c:v", "libx264", "-crf", "4",
        "-preset", "ultrafast", folder.file("in.mp4"),
      ]);
        await using reader = await openVideo(folder.file("in.mp4"), { codecs });
        const [frame] = await readAll(reader.frames());
        const side = reader.info.width / 6;
        for (const [i, colour] of colours.entries()) {
          const got = pixel(frame!, Math.round((i + 0.5) * side), 16);
          const worst = Math.max(...colour.map((value, channel) => Math.abs(value - got[channel]!)));
          expect(worst, `${colour} came as ${got}`).toBeLessThanOrEqual(4);
        }
      });
    });
  },
);
