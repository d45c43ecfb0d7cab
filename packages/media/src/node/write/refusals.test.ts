import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { film, plain } from "../../testing/pictures.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { createVideoWriter } from "./create-video-writer.ts";

const size = { width: 32, height: 32 };

describe("before any work", () => {
  test("an existing file is refused, and replaced when allowed", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("out.mp4");
    await writeFile(path, "mine");
    await expect(createVideoWriter(path, size)).rejects.toMatchObject({
      code: "OPTION",
      message: `${path}: exists already. Choose another name, or allow overwriting it (-y).`,
    });
    expect(await readFile(path, "utf8")).toBe("mine");
    await using writer = await createVideoWriter(path, { ...size, overwrite: true });
    await writer.write(plain(32, 32, [1, 2, 3]));
    expect(await readFile(path, "utf8")).toBe("mine");
    await writer.finish();
    expect(await readFile(path, "latin1")).toContain("ftyp");
  });

  test("a missing folder, a folder in place of a file, and a file in place of a folder are refused", async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.file("is.mp4"));
    await writeFile(folder.file("plain"), "");
    await expect(createVideoWriter(folder.file("no/out.mp4"), size)).rejects.toMatchObject({
      code: "FILE",
      message: `${folder.file("no/out.mp4")}: the folder ${folder.file("no")} does not exist. Create it first.`,
    });
    await expect(createVideoWriter(folder.file("is.mp4"), size)).rejects.toMatchObject({ code: "FILE" });
    await expect(createVideoWriter(`${folder.file("plain")}/`, size)).rejects.toMatchObject({ code: "FILE" });
    await expect(createVideoWriter(folder.file("plain/out.mp4"), size)).rejects.toMatchObject({ code: "FILE" });
  });

  test("a folder that may not be written is refused", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may write everywhere");
    await using folder = await temporaryFolder();
    await mkdir(folder.file("locked"));
    await chmod(folder.file("locked"), 0o500);
    await expect(createVideoWriter(folder.file("locked/out.mp4"), size)).rejects.toMatchObject({ code: "FILE" });
  });

  test("an unknown ending is refused, naming those that are known", async () => {
    await expect(createVideoWriter("out.avi", size)).rejects.toMatchObject({
      code: "OPTION",
      message: 'out.avi: expected a name ending in .mp4, .webm or .gif, or a folder for PNG frames, got ".avi".',
    });
  });

  test.each([
    [{ width: 0, height: 32 }, "width: expected a whole number of pixels from 1 to 16384, got 0."],
    [{ width: 32, height: 1.5 }, "height: expected a whole number of pixels from 1 to 16384, got 1.5."],
    [{ ...size, frameRate: 0 }, "frameRate: expected frames per second above 0 and up to 1000, got 0."],
    [{ ...size, quality: 101 }, "quality: expected a number from 0 to 100, got 101."],
  ])("%o is refused", async (options, message) => {
    await expect(createVideoWriter("out.mp4", options)).rejects.toMatchObject({ code: "OPTION", message });
  });
});

describe("nothing half-written stays", () => {
  test.each(["out.mp4", "out.webm", "out.gif", "frames/"])("%s: without finish()", async (name) => {
    await using folder = await temporaryFolder();
    {
      await using writer = await createVideoWriter(folder.file(name), size);
      for (let i = 0; i < 3; i++) await writer.write(film(32, 32, i));
      expect(await readdir(folder.path)).toHaveLength(1);
    }
    expect(await readdir(folder.path)).toEqual([]);
  });

  test.each(["out.mp4", "out.gif", "frames/"])("%s: after an abort, which throws its own reason", async (name) => {
    await using folder = await temporaryFolder();
    const controller = new AbortController();
    await using writer = await createVideoWriter(folder.file(name), { ...size, signal: controller.signal });
    await writer.write(film(32, 32, 0));
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(writer.write(film(32, 32, 1))).rejects.toBe(reason);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("after a frame of another size, or one that goes back in time", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("out.mp4");
    await using writer = await createVideoWriter(path, size);
    await writer.write({ ...film(32, 32, 0), timestamp: 1, duration: 0.1 });
    await expect(writer.write(film(16, 32, 0))).rejects.toMatchObject({
      code: "OPTION",
      message: `${path}: expected frames of 32x32 RGBA, got 16x32 with 2048 bytes.`,
    });
    await expect(writer.write({ ...film(32, 32, 0), timestamp: 1, duration: 0.1 })).rejects.toMatchObject({
      message: `${path}: frame 2 is at 0 s, but the one before it is at 0 s. Times must rise.`,
    });
  });

  test.each(["out.mp4", "out.gif"])("%s: after a frame that never ends, which is refused", async (name) => {
    await using folder = await temporaryFolder();
    const path = folder.file(name);
    await using writer = await createVideoWriter(path, size);
    const endless = { ...film(32, 32, 0), timestamp: 0, duration: Number.POSITIVE_INFINITY };
    await expect(writer.write(endless)).rejects.toMatchObject({
      code: "OPTION",
      message: `${path}: frame 1 is shown for Infinity s. Durations must end.`,
    });
  });

  test("a video without frames is an error", async () => {
    await using folder = await temporaryFolder();
    await using writer = await createVideoWriter(folder.file("out.mp4"), size);
    await expect(writer.finish()).rejects.toMatchObject({ code: "MEDIA" });
    expect(await readdir(folder.path)).toEqual([]);
    await expect(writer.write(film(32, 32, 0))).rejects.toMatchObject({ code: "DISPOSED" });
  });
});

describe("a folder of frames", () => {
  test("is numbered from 1, and replaced only if it holds nothing else", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("frames");
    for (const count of [3, 2]) {
      await using writer = await createVideoWriter(path, { ...size, overwrite: true });
      for (let i = 0; i < count; i++) await writer.write(film(32, 32, i));
      await writer.finish();
    }
    expect(await readdir(path)).toEqual(["frame_000001.png", "frame_000002.png"]);
    await writeFile(folder.file("frames/notes.txt"), "mine");
    await expect(createVideoWriter(path, { ...size, overwrite: true })).rejects.toMatchObject({ code: "FILE" });
    expect(await readFile(folder.file("frames/notes.txt"), "utf8")).toBe("mine");
  });
});

test.skipIf(process.platform !== "linux")("a writer that was never used closes its file", async () => {
  await using folder = await temporaryFolder();
  const openFiles = async () => (await readdir("/proc/self/fd")).length;
  const unused = async (name: string) => {
    await using writer = await createVideoWriter(folder.file(name), size);
    expect(writer).toBeDefined();
  };
  await unused("first.mp4"); // codecs and their libraries are open from here on
  const before = await openFiles();
  for (const name of ["a.mp4", "b.mp4", "c.webm", "d.gif"]) await unused(name);
  expect(await openFiles()).toBe(before);
});
