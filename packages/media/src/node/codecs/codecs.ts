import { BunrakuError } from "@bunraku/backends";
import { loadNodeAv, type NodeAv } from "./node-av.ts";
import { findFfmpeg } from "./system-ffmpeg.ts";

/**
 * Who decodes and encodes video.
 *
 * - `node-av`: the optional packages `@mediabunny/server` and `node-av`.
 * - `ffmpeg`: the `ffmpeg` program of the system (5.1 or newer), found through `FFMPEG_PATH` or `PATH`.
 * - `auto`: the first of the two that is there.
 */
export type CodecChoice = "auto" | "node-av" | "ffmpeg";

/** What was found. */
export type Codecs =
  | { readonly kind: "node-av"; readonly nodeAv: NodeAv }
  | { readonly kind: "ffmpeg"; readonly program: string };

/**
 * Finds the codecs to use.
 *
 * @throws `BACKEND_MISSING` naming both ways out when there are none.
 */
export async function findCodecs(choice: CodecChoice = "auto"): Promise<Codecs> {
  if (choice !== "ffmpeg") {
    // Broken packages must not hide a working ffmpeg.
    const nodeAv = await loadNodeAv().catch(async (error: unknown) => {
      if (choice === "auto" && (await findFfmpeg())) return undefined;
      throw error;
    });
    if (nodeAv) return { kind: "node-av", nodeAv };
  }
  if (choice !== "node-av") {
    const program = await findFfmpeg();
    if (program) return { kind: "ffmpeg", program };
  }
  const waysOut = [
    choice !== "ffmpeg" && "run: npm i @mediabunny/server node-av",
    choice !== "node-av" && "install ffmpeg 5.1 or newer (on PATH, or named by FFMPEG_PATH)",
  ].filter((way) => way !== false);
  throw new BunrakuError("BACKEND_MISSING", `Video needs codecs and none were found: ${waysOut.join(", or ")}.`);
}
