import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { temporaryFolder } from "./temporary-folder.ts";

const command = promisify(execFile);

/** A disk of its own, in memory, that is soon full: `await using disk = await smallDisk("2m")`. Needs root, and Linux. */
export async function smallDisk(size: string) {
  const folder = await temporaryFolder();
  try {
    await command("mount", ["-t", "tmpfs", "-o", `size=${size}`, "bunraku-test", folder.path]);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  return {
    ...folder,
    async [Symbol.asyncDispose]() {
      await command("umount", ["-l", folder.path]); // gone at once, also when a test that fails left a file open
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Where no disk can be mounted, the tests that need one are skipped and say so. */
export const smallDisks = await smallDisk("1m")
  .then((disk) => disk[Symbol.asyncDispose]())
  .then(
    () => ({ skip: false, name: "on a disk that is full" }) as const,
    () => ({ skip: true, name: "on a disk that is full (skipped: only root can mount one)" }) as const,
  );
