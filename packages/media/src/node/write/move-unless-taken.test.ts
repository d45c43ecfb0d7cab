import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { moveUnlessTaken } from "./move-unless-taken.ts";

const noLinks = async () => {
  throw Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM" });
};

describe.each([
  ["with hard links", {}],
  ["without hard links, as on FAT", { hardLink: noLinks }],
])("%s", (_, links) => {
  test("a file takes a name that is free", async () => {
    await using folder = await temporaryFolder();
    const [part, path] = [folder.file(".part"), folder.file("out.gif")];
    await writeFile(part, "new");
    expect(await moveUnlessTaken(part, path, { folder: false, ...links })).toBe(true);
    expect(await readdir(folder.path)).toEqual(["out.gif"]);
    expect(await readFile(path, "utf8")).toBe("new");
  });

  test.each([
    ["a file", (path: string) => writeFile(path, "old")],
    ["a folder", (path: string) => mkdir(path)],
    ["a link that leads nowhere", (path: string) => symlink("nowhere", path)],
  ])("and leaves one that %s has", async (_, make) => {
    await using folder = await temporaryFolder();
    const [part, path] = [folder.file(".part"), folder.file("out.gif")];
    await writeFile(part, "new");
    await make(path);
    expect(await moveUnlessTaken(part, path, { folder: false, ...links })).toBe(false);
    expect((await readdir(folder.path)).sort()).toEqual([".part", "out.gif"]);
    expect(await readFile(part, "utf8")).toBe("new");
  });

  test("and leaves nothing at the name when it cannot be moved", async () => {
    await using folder = await temporaryFolder();
    const moving = moveUnlessTaken(folder.file("missing"), folder.file("out.gif"), { folder: false, ...links });
    await expect(moving).rejects.toMatchObject({ code: "ENOENT" });
    expect(await readdir(folder.path)).toEqual([]);
  });
});
