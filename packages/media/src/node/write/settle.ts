import type { FileHandle } from "node:fs/promises";
import { isNoRoom } from "./write-failure.ts";

/**
 * Waits until a file is on its disk.
 *
 * Network disks, quotas and disks that find room late take every write, and say here that the bytes did not fit.
 *
 * @throws what the system says of the bytes
 */
export async function settle(file: Pick<FileHandle, "sync">): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    // Other codes (EINVAL, ENOTSUP) are of file systems that cannot be asked.
    if (isNoRoom(error) || (error as NodeJS.ErrnoException).code === "EIO") throw error;
  }
}
