import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { reserveTarget } from "./target.ts";

test("what was written appears with commit(), and nothing else stays", async () => {
  await using folder = await temporaryFolder();
  const path = folder.file("clip.bkmotion");
  {
    await using target = await reserveTarget(path, { overwrite: false });
    await writeFile(target.part, "all of it");
    await writeFile(target.scratch(".log"), "meanwhile");
    expect(await readdir(folder.path)).not.toContain("clip.bkmotion");
    await target.commit();
  }
  expect(await readdir(folder.path)).toEqual(["clip.bkmotion"]);
  expect(await readFile(path, "utf8")).toBe("all of it");
});

test("without commit() nothing stays, when the scope is left", async () => {
  await using folder = await temporaryFolder();
  {
    await using target = await reserveTarget(folder.file("out/"), { overwrite: false, folder: true });
    await writeFile(`${target.part}/frame_000001.png`, "half");
  }
  expect(await readdir(folder.path)).toEqual([]);
});

describe("names", () => {
  test.each([
    ["of 255 bytes", `${"a".repeat(251)}.gif`],
    ["of 255 bytes in long characters", `${"😀".repeat(62)}abc.gif`],
  ])("%s, the most that file systems take, can be written", async (_, name) => {
    await using folder = await temporaryFolder();
    await using target = await reserveTarget(folder.file(name), { overwrite: false });
    await writeFile(target.part, "x");
    await target.commit();
    expect(await readdir(folder.path)).toEqual([name]);
  });

  test("that are longer are refused before any work, as what they are", async () => {
    await using folder = await temporaryFolder();
    await expect(reserveTarget(folder.file(`${"a".repeat(260)}.gif`), { overwrite: true })).rejects.toMatchObject({
      code: "FILE",
      message: expect.stringMatching(/a\.gif: the name is too long\. Choose a shorter one\.$/),
    });
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe("a folder", () => {
  const bundle = { overwrite: true, folder: true, files: ["bunraku.json", "weights.safetensors"] };

  test("of named files is replaced when it holds nothing else", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("bundle");
    await mkdir(path);
    await writeFile(`${path}/bunraku.json`, "old");
    await writeFile(`${path}/weights.safetensors`, "old");
    await using target = await reserveTarget(path, bundle);
    await writeFile(`${target.part}/bunraku.json`, "new");
    await target.commit();
    expect(await readdir(path)).toEqual(["bunraku.json"]);
    expect(await readFile(`${path}/bunraku.json`, "utf8")).toBe("new");
    expect(await readdir(folder.path)).toEqual(["bundle"]);
  });

  test("with something else in it is refused, frames among named files too", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("bundle");
    await mkdir(path);
    await writeFile(`${path}/frame_000001.png`, "mine");
    await expect(reserveTarget(path, bundle)).rejects.toMatchObject({
      code: "FILE",
      message: `${path}: the folder holds other files than an earlier result (frame_000001.png), so it is not replaced. Choose another name.`,
    });
  });

  test("is not replaced when something else came into it meanwhile", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("frames");
    await mkdir(path);
    await using target = await reserveTarget(path, { overwrite: true, folder: true });
    await writeFile(`${path}/notes.txt`, "mine");
    await expect(target.commit()).rejects.toMatchObject({ code: "FILE" });
    expect(await readFile(`${path}/notes.txt`, "utf8")).toBe("mine");
  });
});

describe("what came into being meanwhile is kept, unless it may be replaced,", () => {
  test("and the result beside it, when it is a file", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("clip.gif");
    {
      await using target = await reserveTarget(path, { overwrite: false });
      await writeFile(target.part, "an hour's work");
      await writeFile(path, "another program's");
      await writeFile(folder.file("clip-2.gif"), "and one more");
      await expect(target.commit()).rejects.toMatchObject({
        code: "OPTION",
        message: `${path}: exists already, though not when this began. It was kept, and the result is beside it: clip-3.gif.`,
      });
    }
    expect((await readdir(folder.path)).sort()).toEqual(["clip-2.gif", "clip-3.gif", "clip.gif"]);
    expect(await readFile(path, "utf8")).toBe("another program's");
    expect(await readFile(folder.file("clip-2.gif"), "utf8")).toBe("and one more");
    expect(await readFile(folder.file("clip-3.gif"), "utf8")).toBe("an hour's work");
  });

  test.each([
    ["a folder", async (path: string) => mkdir(path)],
    ["a link that leads nowhere", async (path: string) => symlink("nowhere", path)],
  ])("also when it is %s", async (_, make) => {
    await using folder = await temporaryFolder();
    await using target = await reserveTarget(folder.file("clip.gif"), { overwrite: false });
    await writeFile(target.part, "an hour's work");
    await make(folder.file("clip.gif"));
    await expect(target.commit()).rejects.toMatchObject({ code: "OPTION", message: expect.stringContaining("exists") });
    expect((await readdir(folder.path)).sort()).toEqual(["clip-2.gif", "clip.gif"]);
  });

  test.each([
    ["of frames", true],
    ["that is empty", false],
  ])("and the result beside it, when it is a folder %s", async (_, full) => {
    await using folder = await temporaryFolder();
    const path = folder.file("frames");
    await using target = await reserveTarget(path, { overwrite: false, folder: true });
    await writeFile(`${target.part}/frame_000001.png`, "an hour's work");
    await mkdir(path);
    if (full) await writeFile(`${path}/frame_000001.png`, "another program's");
    await expect(target.commit()).rejects.toMatchObject({
      code: "OPTION",
      message: expect.stringContaining("frames-2."),
    });
    expect((await readdir(folder.path)).sort()).toEqual(["frames", "frames-2"]);
    expect(await readdir(path)).toEqual(full ? ["frame_000001.png"] : []);
    expect(await readFile(folder.file("frames-2/frame_000001.png"), "utf8")).toBe("an hour's work");
  });
});

test("a link that leads nowhere exists, too", async () => {
  await using folder = await temporaryFolder();
  await symlink("nowhere", folder.file("link.gif"));
  const reserving = reserveTarget(folder.file("link.gif"), { overwrite: false });
  await expect(reserving).rejects.toMatchObject({ code: "OPTION", message: expect.stringContaining("exists") });
});

test("a link is replaced, and what it leads to stays", async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.file("original.gif"), "precious");
  await symlink("original.gif", folder.file("link.gif"));
  await using target = await reserveTarget(folder.file("link.gif"), { overwrite: true });
  await writeFile(target.part, "new");
  await target.commit();
  expect(await readFile(folder.file("original.gif"), "utf8")).toBe("precious");
  expect(await readFile(folder.file("link.gif"), "utf8")).toBe("new");
  expect((await stat(folder.file("link.gif"))).size).toBe(3);
});
