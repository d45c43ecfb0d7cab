import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Target } from "@bunraku/media/node";
import { unwritable } from "./part-file.ts";

/**
 * Writes all files of a reserved folder and moves it into place, so that it is whole or absent.
 *
 * @throws `FILE`; `signal.reason`
 */
export async function writeFolder(
  target: Target,
  files: Readonly<Record<string, Uint8Array>>,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(target.part, name), bytes, { signal }).catch((cause) => {
      signal.throwIfAborted();
      throw unwritable(target.path, cause);
    });
  }
  signal.throwIfAborted();
  await target.commit();
}
