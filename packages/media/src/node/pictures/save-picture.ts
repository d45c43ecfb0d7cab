import { writeFile } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";
import type { Picture } from "../../picture.ts";
import { loadSharp } from "../optional-packages.ts";
import { reserveTarget } from "../write/target.ts";
import { writeFailure } from "../write/write-failure.ts";

/** Options of {@link savePicture}. */
export interface SavePictureOptions {
  /** Replace an existing file. @default false */
  overwrite?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

const FORMATS = { png: "png", jpg: "jpeg", jpeg: "jpeg", webp: "webp" } as const;

/**
 * Writes a picture as PNG, JPEG (quality 92, no alpha: black lies behind) or WebP (quality 90), by the ending of `path`.
 *
 * The file appears whole or not at all.
 *
 * @throws `OPTION` when the ending is another one or the file exists, `FILE` when the folder is missing or may not be
 * written, `BACKEND_MISSING` when `sharp` is not installed.
 */
export async function savePicture(path: string, picture: Picture, options: SavePictureOptions = {}): Promise<void> {
  const { overwrite = false, signal } = options;
  signal?.throwIfAborted();
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending as keyof typeof FORMATS] : undefined;
  if (format === undefined) {
    throw new BunrakuError("OPTION", `${path}: expected a name ending in .png, .jpg or .webp, got ".${ending}".`);
  }
  const { width, height, data } = picture;
  if (data.length !== width * height * 4) {
    throw new BunrakuError("OPTION", `${path}: expected ${width}x${height} RGBA, got ${data.length} bytes.`);
  }
  const sharp = await loadSharp();
  const target = await reserveTarget(path, { overwrite });
  try {
    const image = sharp(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), {
      raw: { width, height, channels: 4 },
    });
    if (format === "jpeg") image.flatten().jpeg({ quality: 92, chromaSubsampling: "4:4:4" });
    else if (format === "webp") image.webp({ quality: 90 });
    else image.png();
    // Not written by sharp: see openFolderSink.
    await writeFile(target.part, await image.toBuffer());
    signal?.throwIfAborted();
    await target.commit();
  } catch (error) {
    signal?.throwIfAborted();
    throw BunrakuError.is(error) ? error : await writeFailure(target, error);
  } finally {
    await target.discard();
  }
}
