import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { reserveTarget, type Target } from "@bunraku/media/node";
import { unwritable } from "../../outputs/part-file.ts";

/**
 * Adds files to a bundle's folder: all are written beside their places before the first is moved, the manifest last, so
 * that what it names is there.
 *
 * @param files `bunraku.json` last
 * @throws `FILE`; `signal.reason`
 */
export async function writeVariants(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
  signal: AbortSignal,
): Promise<void> {
  const targets: Target[] = [];
  try {
    for (const [name, bytes] of Object.entries(files)) {
      const target = await reserveTarget(join(folder, name), { overwrite: true });
      targets.push(target);
      await writeFile(target.part, bytes, { signal }).catch((cause) => {
        signal.throwIfAborted();
        throw unwritable(target.path, cause);
      });
    }
    signal.throwIfAborted();
    for (const target of targets) await target.commit();
  } finally {
    for (const target of targets) await target.discard();
  }
}
