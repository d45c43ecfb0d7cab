import { BunrakuError } from "@bunraku/backends";
import type { VideoInfo } from "../video.ts";
import type { FileKind } from "./file-kind.ts";
import { inspect } from "./input-file.ts";
import { firstLine, loadSharp } from "./optional-packages.ts";
import { readAnimation } from "./read/animation-reader.ts";
import { openContainer } from "./read/container.ts";
import { folderReader } from "./read/folder-reader.ts";
import { isAnimation, isContainer } from "./read/open-video.ts";

/** What {@link probe} found. */
export type Probe =
  | {
      readonly kind: "picture";
      readonly format: FileKind;
      /** Pixels, after EXIF orientation. */
      readonly width: number;
      readonly height: number;
      readonly hasAlpha: boolean;
    }
  | ({ readonly kind: "video" } & VideoInfo);

const PICTURES: readonly FileKind[] = ["png", "jpeg", "webp", "avif", "tiff"];

/**
 * Tells what a file is and how large, from its bytes; nothing is decoded and no codecs are needed.
 *
 * @throws As `openVideo` and `loadPicture` do.
 */
export async function probe(path: string, options: { maxPixels?: number } = {}): Promise<Probe> {
  const { maxPixels = 50e6 } = options;
  const file = await inspect(path, "a picture or a video");
  if (file === "folder") {
    await using reader = await folderReader(path, 25, maxPixels);
    return { kind: "video", ...reader.info };
  }
  if (isAnimation(file)) return { kind: "video", ...(await readAnimation(await loadSharp(), file, maxPixels)).info };
  if (isContainer(file)) {
    const { input, info } = await openContainer(file, maxPixels);
    input.dispose();
    return { kind: "video", ...info };
  }
  if (!PICTURES.includes(file.kind)) {
    throw new BunrakuError("MEDIA", `${path}: expected a picture or a video, got ${file.description}.`);
  }
  const sharp = await loadSharp();
  try {
    const { autoOrient, hasAlpha = false } = await sharp(path, { limitInputPixels: maxPixels }).metadata();
    return { kind: "picture", format: file.kind, width: autoOrient.width, height: autoOrient.height, hasAlpha };
  } catch (error) {
    throw new BunrakuError("MEDIA", `${path}: ${file.description} that cannot be read (${firstLine(error)}).`, {
      cause: error,
    });
  }
}
