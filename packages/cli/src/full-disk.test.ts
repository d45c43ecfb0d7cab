import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runCli } from "./testing/run-cli.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const portrait = join(root, "samples/portraits/head_07.png");
const clip = join(root, "samples/driving/nod.mp4");

// A disk in memory that is full after two pages.
const disk = await mkdtemp(join(tmpdir(), "bunraku-cli-disk-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8k", "bunraku-test", disk]).status === 0;
afterAll(async () => {
  if (mounted) spawnSync("umount", ["-l", disk]);
  await rmdir(disk);
});

const name = mounted ? "on a disk that is full" : "on a disk that is full (skipped: only root can mount one)";
describe.skipIf(!mounted)(name, () => {
  test.each(["a.mp4", "a.webm", "a.gif", "frames/"])(
    "%s fails with one sentence, and leaves nothing",
    async (output) => {
      const path = join(disk, output);
      const { code, stderr } = await runCli(["animate", portrait, "-d", clip, "--duration", "0.5", "-q", "-o", path]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: .*: the disk is full \(ENOSPC\) after \d kB of the result, none of .*\.\n$/);
      expect(await readdir(disk)).toEqual([]);
    },
  );

  test("motion fails with one sentence, and leaves nothing", async () => {
    const { code, stderr } = await runCli(["record", clip, "-q", "-o", join(disk, "a.bkmotion")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*a\.bkmotion: .*ENOSPC.*\.\n$/);
    expect(await readdir(disk)).toEqual([]);
  });

  test("an old result stays when the new one does not fit", async () => {
    const path = join(disk, "old.mp4");
    await writeFile(path, "old");
    const { code } = await runCli(["animate", portrait, "-d", clip, "--duration", "0.5", "-y", "-q", "-o", path]);
    expect([code, await readdir(disk), await readFile(path, "utf8")]).toEqual([1, ["old.mp4"], "old"]);
  });
});
