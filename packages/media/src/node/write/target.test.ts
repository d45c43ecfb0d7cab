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

  test("that came into being meanwhile is not deleted unless that was allowed", async () => {
    await using folder = await temporaryFolder();
    const path = folder.file("frames");
    await using target = await reserveTarget(path, { overwrite: false, folder: true });
    await mkdir(path);
    await writeFile(`${path}/frame_000001.png`, "another program's");
    await expect(target.commit()).rejects.toMatchObject({ code: "OPTION", message: expect.stringContaining("exists") });
    expect(await readdir(path)).toEqual(["frame_000001.png"]);
  });
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
