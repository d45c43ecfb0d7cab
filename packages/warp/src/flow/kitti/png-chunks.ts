import { BunrakuError } from "@bunraku/backends";
import { crc32 } from "./crc32.ts";

export const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** What every chunk has beside its data: length, name, checksum. */
const frame = 12;

export interface PngImage {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
  /** The compressed pixels, in order: views of the file. */
  readonly parts: readonly Uint8Array[];
}

/**
 * The header of a PNG and its compressed pixels, nothing decompressed and nothing copied.
 *
 * Every chunk up to IEND must be whole and pass its checksum. Chunks that a reader may skip are skipped; one that it must
 * know and that is unknown refuses the file, as the format wants.
 *
 * @throws `MEDIA`
 * @see w3.org/TR/png-3, 5 and 11.2
 */
export function readPngChunks(bytes: Uint8Array, who: string): PngImage {
  const damaged = (what: string) => new BunrakuError("MEDIA", `${who}: ${what}; the file is cut short or damaged.`);
  if (pngSignature.some((byte, i) => bytes[i] !== byte)) {
    throw new BunrakuError("MEDIA", `${who}: expected a PNG file, got bytes that do not begin like one.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Omit<PngImage, "parts"> | undefined;
  const parts: Uint8Array[] = [];
  let before = "";
  for (let at = pngSignature.length; ; ) {
    if (at + frame > bytes.length) throw damaged("there is no IEND");
    const length = view.getUint32(at);
    if (length > bytes.length - at - frame) throw damaged(`the chunk at byte ${at} is longer than the file`);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw damaged(`the chunk at byte ${at} does not pass its checksum`);
    }
    const data = bytes.subarray(at + 8, at + 8 + length);
    if ((name === "IHDR") !== (header === undefined)) throw damaged("IHDR must come first, and once");
    if (name === "IHDR") header = readHeader(data, who);
    else if (name === "IDAT") {
      if (parts.length > 0 && before !== "IDAT") throw damaged("its IDAT chunks do not follow one another");
      parts.push(data);
    } else if (name === "IEND") return { ...header!, parts };
    else if (name !== "PLTE" && /^[A-Z]/.test(name)) {
      throw new BunrakuError(
        "MEDIA",
        `${who}: the file needs a chunk ${JSON.stringify(name)}, which PNG does not have.`,
      );
    }
    before = name;
    at += frame + length;
  }
}

function readHeader(data: Uint8Array, who: string): Omit<PngImage, "parts"> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length !== 13 || data[10] !== 0 || data[11] !== 0 || data[12]! > 1) {
    throw new BunrakuError("MEDIA", `${who}: the PNG header is not one of PNG's; the file is damaged.`);
  }
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    bitDepth: data[8]!,
    colourType: data[9]!,
    interlaced: data[12] === 1,
  };
}
