import { readdir, writeFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { distance, film, pixel, plain, quarters } from "../../testing/pictures.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { loadPicture } from "./load-picture.ts";
import { savePicture } from "./save-picture.ts";

/** The sharp image of a picture. */
function image({ width, height, data }: { width: number; height: number; data: Uint8ClampedArray }) {
  return sharp(new Uint8Array(data), { raw: { width, height, channels: 4 } });
}

describe("formats", () => {
  test.each(["png", "jpeg", "webp", "avif", "tiff", "gif"] as const)("%s is read by its bytes", async (format) => {
    const bytes = await image(plain(16, 16, [200, 100, 50]))
      .flatten()
      .toFormat(format)
      .toBuffer();
    const picture = await loadPicture(bytes);
    expect(picture).toMatchObject({ width: 16, height: 16 });
    expect(picture.data).toHaveLength(16 * 16 * 4);
    const [r, g, b, a] = pixel(picture, 8, 8);
    expect(Math.abs(r! - 200) + Math.abs(g! - 100) + Math.abs(b! - 50)).toBeLessThan(9);
    expect(a).toBe(255);
  });

  test("the first frame of an animated GIF is the picture", async () => {
    const pages = [plain(8, 8, [250, 0, 0]), plain(8, 8, [0, 0, 250])];
    const both = Buffer.concat(pages.map((page) => Buffer.from(page.data)));
    const bytes = await sharp(both, { raw: { width: 8, height: 16, channels: 4, pageHeight: 8 } })
      .gif()
      .toBuffer();
    const picture = await loadPicture(bytes);
    expect(picture).toMatchObject({ width: 8, height: 8 });
    expect(pixel(picture, 4, 4)).toEqual([250, 0, 0, 255]);
  });
});

describe("all come as 8-bit sRGB, upright", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %i", async (orientation) => {
    const bytes = await image(quarters(32, 16))
      .flatten()
      .withMetadata({ orientation })
      .jpeg({ quality: 95 })
      .toBuffer();
    const picture = await loadPicture(bytes);
    expect([picture.width, picture.height]).toEqual(orientation < 5 ? [32, 16] : [16, 32]);
    // Which quarter must be at the top left, from the meaning of the EXIF numbers.
    const wanted = [
      [220, 40, 40],
      [40, 200, 60],
      [240, 240, 240],
      [30, 60, 210],
      [220, 40, 40],
      [30, 60, 210],
      [240, 240, 240],
      [40, 200, 60],
    ][orientation - 1]!;
    const got = pixel(picture, 3, 3);
    expect(Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)))).toBeLessThan(25);
  });

  test("16 bits", async () => {
    const raw = Uint16Array.from({ length: 8 * 8 * 3 }, (_, i) => [200 * 257, 100 * 257, 50 * 257][i % 3]!);
    const bytes = await sharp(raw, { raw: { width: 8, height: 8, channels: 3 } })
      .toColourspace("rgb16")
      .png()
      .toBuffer();
    expect(bytes[24]).toBe(16);
    expect(pixel(await loadPicture(bytes), 4, 4)).toEqual([200, 100, 50, 255]);
  });

  test("grey", async () => {
    const bytes = await sharp(new Uint8Array(64).fill(77), { raw: { width: 8, height: 8, channels: 1 } })
      .png()
      .toBuffer();
    expect(pixel(await loadPicture(bytes), 4, 4)).toEqual([77, 77, 77, 255]);
  });

  test("CMYK", async () => {
    const bytes = await image(plain(8, 8, [230, 30, 30]))
      .flatten()
      .toColourspace("cmyk")
      .jpeg()
      .toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe("cmyk");
    const [r, g, b] = pixel(await loadPicture(bytes), 4, 4);
    expect(r).toBeGreaterThan(190);
    expect(Math.max(g!, b!)).toBeLessThan(80);
  });

  test("Display P3", async () => {
    const bytes = await image(plain(8, 8, [200, 100, 50]))
      .flatten()
      .withIccProfile("p3")
      .png()
      .toBuffer();
    const got = pixel(await loadPicture(bytes), 4, 4);
    expect(Math.max(...[200, 100, 50].map((value, i) => Math.abs(value - got[i]!)))).toBeLessThanOrEqual(2);
  });

  test("alpha is kept, straight", async () => {
    const bytes = await image(plain(8, 8, [200, 100, 50, 128]))
      .png()
      .toBuffer();
    expect(pixel(await loadPicture(bytes), 4, 4)).toEqual([200, 100, 50, 128]);
  });
});

describe("refusals", () => {
  test("a bomb: 30000x30000 in a small file, before it is decoded", async () => {
    await expect(loadPicture(bomb(30000, 30000))).rejects.toMatchObject({
      code: "MEDIA",
      message:
        "picture: expected at most 50000000 pixels, got a larger PNG picture. Scale it down first (a program can raise maxPixels).",
    });
  });

  test("a picture that is cut off", async () => {
    const noisy = film(200, 200, 3);
    for (const format of ["png", "jpeg", "webp"] as const) {
      const bytes = await image(noisy).flatten().toFormat(format).toBuffer();
      await expect(loadPicture(bytes.subarray(0, bytes.length >> 1))).rejects.toMatchObject({ code: "MEDIA" });
      await expect(loadPicture(bytes.subarray(0, bytes.length >> 1))).rejects.toThrow(/ is cut off | is damaged /);
    }
  });

  test.each([
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), "an SVG drawing. Save it as PNG first."],
    [Buffer.from("%PDF-1.7\n\u0001"), "a PDF document. Save it as PNG first."],
    [
      Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
      "a HEIC picture. Save it as JPEG or PNG first (iPhone: Settings, Camera, Formats, Most Compatible).",
    ],
    [
      Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isomavc1"),
      "an MP4 video. Save one of its frames as PNG, or pass it as the driving video.",
    ],
    [Buffer.from(""), "an empty file. Check the download."],
    [Buffer.from("<html>404</html>"), "a text file of 16 bytes. Check the download."],
  ])("%o", async (bytes, got) => {
    await expect(loadPicture(bytes)).rejects.toMatchObject({
      code: "MEDIA",
      message: `picture: expected a picture, got ${got}`,
    });
  });

  test("files that are missing, folders, or too large", async () => {
    await using folder = await temporaryFolder();
    await expect(loadPicture(folder.file("no.png"))).rejects.toMatchObject({ code: "FILE" });
    await expect(loadPicture(folder.path)).rejects.toMatchObject({
      code: "FILE",
      message: `${folder.path}: expected a picture, got a folder.`,
    });
    await savePicture(folder.file("a.png"), plain(8, 8, [1, 2, 3]));
    await expect(loadPicture(folder.file("a.png"), { maxBytes: 10 })).rejects.toMatchObject({ code: "MEDIA" });
  });

  test("an abort throws its own reason", async () => {
    const reason = new Error("enough");
    await expect(loadPicture("any.png", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("savePicture", () => {
  test("PNG keeps every byte, WebP and JPEG nearly", async () => {
    await using folder = await temporaryFolder();
    const picture = plain(40, 30, [200, 100, 50]);
    for (const [name, most] of [
      ["a.png", 0],
      ["a.webp", 3],
      ["a.jpg", 3],
    ] as const) {
      await savePicture(folder.file(name), picture);
      expect(distance(await loadPicture(folder.file(name)), picture)).toBeLessThanOrEqual(most);
    }
    expect((await readdir(folder.path)).sort()).toEqual(["a.jpg", "a.png", "a.webp"]);
  });

  test("does not replace a file unasked, and knows three endings", async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.file("a.png"), "mine");
    await expect(savePicture(folder.file("a.png"), plain(4, 4, [0, 0, 0]))).rejects.toMatchObject({ code: "OPTION" });
    await savePicture(folder.file("a.png"), plain(4, 4, [0, 0, 0]), { overwrite: true });
    await expect(savePicture(folder.file("a.bmp"), plain(4, 4, [0, 0, 0]))).rejects.toMatchObject({
      code: "OPTION",
      message: `${folder.file("a.bmp")}: expected a name ending in .png, .jpg or .webp, got ".bmp".`,
    });
  });
});

/** A PNG that claims a size and whose data would be that large, in little space. */
function bomb(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(1_000_000));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** zlib.crc32 came with Node 22. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
