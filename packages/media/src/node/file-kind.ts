/** What a file is, judged by its first bytes; its name is never asked. */
export type FileKind =
  | "png"
  | "jpeg"
  | "webp"
  | "gif"
  | "avif"
  | "heic"
  | "tiff"
  | "bmp"
  | "svg"
  | "pdf"
  | "mp4"
  | "mov"
  | "webm"
  | "matroska"
  | "avi"
  | "flv"
  | "mpeg-ts"
  | "ogg"
  | "mp3"
  | "wav"
  | "flac"
  | "zip"
  | "text"
  | "empty"
  | "unknown";

const NAMES: Record<FileKind, string> = {
  png: "a PNG picture",
  jpeg: "a JPEG picture",
  webp: "a WebP picture",
  gif: "a GIF",
  avif: "an AVIF picture",
  heic: "a HEIC picture",
  tiff: "a TIFF picture",
  bmp: "a BMP picture",
  svg: "an SVG drawing",
  pdf: "a PDF document",
  mp4: "an MP4 video",
  mov: "a QuickTime video",
  webm: "a WebM video",
  matroska: "a Matroska video",
  avi: "an AVI video",
  flv: "an FLV video",
  "mpeg-ts": "an MPEG transport stream",
  ogg: "an Ogg file",
  mp3: "an MP3 sound file",
  wav: "a WAV sound file",
  flac: "a FLAC sound file",
  zip: "a zip archive",
  text: "a text file",
  empty: "an empty file",
  unknown: "bytes of no known format",
};

/** A noun phrase for messages: "a text file of 54 bytes". */
export function describeKind(kind: FileKind, size: number): string {
  if (kind === "empty") return NAMES.empty;
  return kind === "text" || kind === "unknown" ? `${NAMES[kind]} of ${size} bytes` : NAMES[kind];
}

/** Tells what a file is from its first bytes (4096 are plenty, 12 are often enough). */
export function sniff(head: Uint8Array): FileKind {
  if (head.length === 0) return "empty";
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);

  if (starts(0x89, 0x50, 0x4e, 0x47)) return "png";
  if (starts(0xff, 0xd8, 0xff)) return "jpeg";
  if (ascii(0, 4) === "GIF8") return "gif";
  if (ascii(0, 4) === "RIFF") {
    const form = ascii(8, 12);
    return form === "WEBP" ? "webp" : form === "AVI " ? "avi" : form === "WAVE" ? "wav" : "unknown";
  }
  if (starts(0x49, 0x49, 0x2a, 0) || starts(0x4d, 0x4d, 0, 0x2a)) return "tiff";
  if (starts(0x1a, 0x45, 0xdf, 0xa3)) return ascii(0, 64).includes("webm") ? "webm" : "matroska";
  if (ascii(4, 8) === "ftyp") return isoBrand(head);
  // QuickTime files older than ftyp begin with one of their other atoms.
  if (["moov", "mdat", "wide", "free", "skip", "pnot"].includes(ascii(4, 8))) return "mov";
  if (ascii(0, 4) === "%PDF") return "pdf";
  if (ascii(0, 4) === "OggS") return "ogg";
  if (ascii(0, 4) === "fLaC") return "flac";
  if (ascii(0, 3) === "FLV") return "flv";
  if (ascii(0, 3) === "ID3" || (head[0] === 0xff && (head[1]! & 0xe6) === 0xe2)) return "mp3";
  if (starts(0x50, 0x4b, 3, 4)) return "zip";
  if (head[0] === 0x47 && head[188] === 0x47 && head[376] === 0x47) return "mpeg-ts";
  if (isText(head)) return /<svg[\s>]/i.test(new TextDecoder().decode(head)) ? "svg" : "text";
  if (ascii(0, 2) === "BM") return "bmp";
  return "unknown";
}

/** ISO media files name their kind in a list of brands: pictures and videos share the wrapping. */
function isoBrand(head: Uint8Array): FileKind {
  const size = Math.min(new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0), head.length, 256);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= size; at += 4) {
    if (at !== 12) brands.push(String.fromCharCode(...head.subarray(at, at + 4)));
  }
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return "avif";
  if (brands.some((brand) => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) return "heic";
  return brands[0] === "qt  " ? "mov" : "mp4";
}

function isText(head: Uint8Array): boolean {
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) return false;
  try {
    // `stream` lets the cut at the end of the head fall inside a character.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
