import { BunrakuError } from "@bunraku/backends";
import { type CodecChoice, findCodecs } from "../codecs/codecs.ts";
import { type InputFile, inspect } from "../input-file.ts";
import { animationReader } from "./animation-reader.ts";
import { openContainer } from "./container.ts";
import { containerReader } from "./container-reader.ts";
import { folderReader } from "./folder-reader.ts";
import type { VideoReader } from "./video-reader.ts";

/** Options of {@link openVideo}. */
export interface OpenVideoOptions {
  signal?: AbortSignal | undefined;
  limits?:
    | {
        /** Refuse frames with more pixels than this, before one is decoded. @default 50e6 */
        maxPixels?: number | undefined;
      }
    | undefined;
  /** Pictures per second of a folder of frames. @default 25 */
  frameRate?: number | undefined;
  /** @default "auto" */
  codecs?: CodecChoice | undefined;
}

/**
 * Opens a video to read its frames: MP4, MOV, WebM, Matroska, animated GIF or WebP, or a folder of pictures.
 *
 * What the file is, is told from its bytes. Containers are parsed in TypeScript and only the one file is opened,
 * whatever it says.
 *
 * @returns A reader owned by the caller: `await using video = await openVideo("clip.mp4")`.
 * @throws `FILE` when it is missing or unreadable, `MEDIA` when it is damaged, too large or not a video,
 * `BACKEND_MISSING` when there are no codecs to decode it.
 */
export async function openVideo(path: string, options: OpenVideoOptions = {}): Promise<VideoReader> {
  const { signal, limits: { maxPixels = 50e6 } = {}, frameRate = 25, codecs: choice = "auto" } = options;
  signal?.throwIfAborted();
  const file = await inspect(path, "a video");
  if (file === "folder") return folderReader(path, frameRate, maxPixels);
  if (isAnimation(file)) return animationReader(file, maxPixels);
  refuseOtherKinds(file);
  const container = await openContainer(file, maxPixels);
  try {
    signal?.throwIfAborted();
    const codecs = await findCodecs(choice);
    return containerReader(path, container, await ableTo(codecs, container.info.codec), maxPixels);
  } catch (error) {
    container.input.dispose();
    throw error;
  }

  /** The packages know the codecs of the web; the system's ffmpeg may know more. */
  async function ableTo(codecs: Awaited<ReturnType<typeof findCodecs>>, codec: string) {
    if (codecs.kind === "ffmpeg" || (await container.video.canDecode())) return codecs;
    if (choice === "auto") {
      const program = await findCodecs("ffmpeg").catch(() => undefined);
      if (program) return program;
    }
    throw new BunrakuError(
      "UNSUPPORTED",
      `${path}: the codec ${codec} cannot be decoded here. Convert it to H.264, or install ffmpeg.`,
    );
  }
}

/** Whether a file is a GIF, or a WebP whose header says it moves. */
export function isAnimation({ kind, head }: InputFile): boolean {
  if (kind === "gif") return true;
  const extended = String.fromCharCode(...head.subarray(12, 16)) === "VP8X";
  return kind === "webp" && extended && (head[20]! & 2) !== 0;
}

/** Whether a file is an MP4, MOV, WebM or Matroska file. */
export function isContainer({ kind }: InputFile): boolean {
  return kind === "mp4" || kind === "mov" || kind === "webm" || kind === "matroska";
}

function refuseOtherKinds(file: InputFile): void {
  if (isContainer(file)) return;
  const { kind, path, description, head } = file;
  if (kind === "png" && Buffer.from(head).includes("acTL")) {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${path}: animated PNG cannot be read yet. Convert it to GIF, animated WebP or MP4.`,
    );
  }
  const wayOut =
    kind === "empty" || kind === "text" || kind === "unknown"
      ? "Check the download."
      : kind === "avi" || kind === "flv" || kind === "mpeg-ts"
        ? `Convert it first: ffmpeg -i ${JSON.stringify(path)} out.mp4`
        : ["png", "jpeg", "webp", "avif", "heic", "tiff", "bmp"].includes(kind)
          ? "A folder of pictures can be read as a video; a single one cannot."
          : "MP4, MOV, WebM, MKV, GIF and animated WebP can be read.";
  throw new BunrakuError("MEDIA", `${path}: expected a video, got ${description}. ${wayOut}`);
}
