import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BunrakuError } from "@bunraku/backends";

/**
 * Writes a folder of files so that it is whole or absent: first under another name beside it, then renamed.
 *
 * @throws `FILE`, `OPTION` when it exists and may not be replaced
 */
export async function writeFolder(
  path: string,
  files: Readonly<Record<string, Uint8Array>>,
  { overwrite }: { overwrite: boolean },
): Promise<void> {
  const target = resolve(path);
  const part = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  try {
    await mkdir(part);
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(part, name), bytes);
    if (overwrite) await removeEarlier(target, Object.keys(files));
    await rename(part, target);
  } catch (cause) {
    await rm(part, { recursive: true, force: true });
    if (BunrakuError.is(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? `the folder ${dirname(target)} does not exist` : message;
    throw new BunrakuError("FILE", `${path}: cannot be written: ${why}.`, { cause });
  }
}

/** Removes an earlier result of the same files and nothing else: -y must not delete a folder of other things. */
async function removeEarlier(target: string, names: readonly string[]): Promise<void> {
  const found = await readdir(target).catch(() => []);
  const foreign = found.filter((name) => !names.includes(name));
  if (foreign.length > 0) {
    throw new BunrakuError(
      "OPTION",
      `${target} holds other things than an earlier result (${foreign[0]}); it is not replaced. Choose another name with -o.`,
    );
  }
  for (const name of found) await rm(join(target, name));
  await rmdir(target).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return;
    throw cause.code === "ENOTDIR"
      ? new BunrakuError("OPTION", `${target} is a file; the result is a folder. Choose another name with -o.`, {
          cause,
        })
      : cause;
  });
}
