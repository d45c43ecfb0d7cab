import { BunrakuError } from "@bunraku/backends";
import { firstLine, isMissing } from "../optional-packages.ts";

/** FFmpeg's codecs as npm packages, loaded and made known to mediabunny. */
export interface NodeAv {
  readonly av: typeof import("node-av");
  readonly toAvFrame: typeof import("@mediabunny/server")["toAvFrame"];
}

let loaded: Promise<NodeAv | undefined> | undefined;

/**
 * Loads the optional codec packages; `undefined` when they are not installed.
 *
 * mediabunny keeps its codecs in one table per process, so this is done once, on first need.
 *
 * @throws `BACKEND_UNAVAILABLE` when they are installed and do not start here (musl, missing binary).
 */
export function loadNodeAv(): Promise<NodeAv | undefined> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<NodeAv | undefined> {
  try {
    const [server, av] = await Promise.all([import("@mediabunny/server"), import("node-av")]);
    server.registerMediabunnyServer({ hardwareContext: () => null });
    // What fails is thrown as an error; FFmpeg's own lines on stderr would only tear up a progress bar.
    av.Log.setLevel(av.AV_LOG_QUIET);
    return { av, toAvFrame: server.toAvFrame };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new BunrakuError(
      "BACKEND_UNAVAILABLE",
      `@mediabunny/server is installed and does not start: ${firstLine(error)}. A system ffmpeg can take its place.`,
      { cause: error },
    );
  }
}
