import { readFile } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";
import type { Picture } from "../../picture.ts";
import { describeKind, type FileKind, sniff } from "../file-kind.ts";
import { inspect } from "../input-file.ts";
import { firstLine, loadSharp } from "../optional-packages.ts";

/** Options of {@link loadPicture}. */
export interface LoadPictureOptions {
  /** Refuse pictures with more pixels than this, before they are decoded. @default 50e6 */
  maxPixels?: number | undefined;
  /** Refuse files with more bytes than this. @default 200 MiB */
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

const READABLE: readonly FileKind[] = ["png", "jpeg", "webp", "gif", "avif", "tiff"];

/**
 * Reads a picture (PNG, JPEG, WebP, AVIF, TIFF, or the first frame of a GIF) as 8-bit sRGB.
 *
 * The format is told from the bytes. EXIF orientation is applied; 16-bit, grey, CMYK and wide-gamut pictures are
 * converted; alpha is kept, so the caller decides what lies behind it.
 *
 * @param input A path, or the bytes of a file.
 * @returns A picture owned by the caller.
 * @throws `FILE` when it is missing or unreadable, `MEDIA` when it is damaged, too large or not a picture,
 * `BACKEND_MISSING` when `sharp` is not installed.
 */
export async function loadPicture(input: string | Uint8Array, options: LoadPictureOptions = {}): Promise<Picture> {
  const { maxPixels = 50e6, maxBytes = 200 * 2 ** 20, signal } = options;
  signal?.throwIfAborted();
  const name = typeof input === "string" ? input : "picture";
  const bytes = typeof input === "string" ? await readPictureFile(input, maxBytes, signal) : input;
  const kind = sniff(bytes.subarray(0, 4096));
  refuseOtherKinds(name, kind, bytes.length);
  refuseTooManyBytes(name, bytes.length, maxBytes);

  const sharp = await loadSharp();
  signal?.throwIfAborted();
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels, failOn: "warning", pages: 1 })
      .autoOrient()
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    signal?.throwIfAborted();
    if (info.channels !== 4) throw new Error(`${info.channels} channels came out of sharp, 4 were expected`);
    return {
      width: info.width,
      height: info.height,
      data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw undecodable(name, kind, maxPixels, error);
  }
}

async function readPictureFile(path: string, maxBytes: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const file = await inspect(path, "a picture");
  if (file === "folder") throw new BunrakuError("FILE", `${path}: expected a picture, got a folder.`);
  // Before the bytes are read: a film given by mistake may be larger than the memory.
  refuseOtherKinds(path, file.kind, file.size);
  refuseTooManyBytes(path, file.size, maxBytes);
  try {
    return await readFile(path, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new BunrakuError("FILE", `${path}: could not be read (${firstLine(error)}).`, { cause: error });
  }
}

function refuseTooManyBytes(name: string, size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  throw new BunrakuError(
    "MEDIA",
    `${name}: expected a picture of at most ${mebibytes(maxBytes)}, got ${mebibytes(size)}. Scale it down first (a program can raise maxBytes).`,
  );
}

function refuseOtherKinds(name: string, kind: FileKind, size: number): void {
  if (READABLE.includes(kind)) return;
  const got = describeKind(kind, size);
  const wayOut =
    kind === "heic"
      ? "Save it as JPEG or PNG first (iPhone: Settings, Camera, Formats, Most Compatible)."
      : ["mp4", "mov", "webm", "matroska", "avi", "flv", "mpeg-ts"].includes(kind)
        ? "Save one of its frames as PNG, or pass it as the driving video."
        : kind === "svg" || kind === "pdf" || kind === "bmp"
          ? "Save it as PNG first."
          : kind === "empty" || kind === "text" || kind === "unknown"
            ? "Check the download."
            : "PNG, JPEG, WebP, AVIF, TIFF and GIF can be read.";
  throw new BunrakuError("MEDIA", `${name}: expected a picture, got ${got}. ${wayOut}`);
}

function undecodable(name: string, kind: FileKind, maxPixels: number, error: unknown): BunrakuError {
  const said = firstLine(error);
  const format = kind === "webp" ? "WebP" : kind.toUpperCase();
  const message = /pixel limit/i.test(said)
    ? `${name}: expected at most ${maxPixels} pixels, got a larger ${format} picture. Scale it down first (a program can raise maxPixels).`
    : /premature|truncat|end of|unexpected|not enough|incomplete|short|partial/i.test(said)
      ? `${name}: the ${format} picture is cut off (${said}). Download or export it again.`
      : `${name}: the ${format} picture is damaged (${said}). Open and save it again with an image editor.`;
  return new BunrakuError("MEDIA", message, { cause: error });
}
