import { link, mkdir, open, rename, rm, rmdir } from "node:fs/promises";
import { extname } from "node:path";

/** What is moved: a folder, or a file. */
export interface MoveOptions {
  readonly folder: boolean;
  /** Gives a file a second name; not every file system can. */
  readonly hardLink?: (from: string, to: string) => Promise<void>;
}

/**
 * Gives a part its name, unless something has that name already, be it a link that leads nowhere.
 *
 * A rename would replace what came into being since anybody looked; to take a name that is free is one step.
 *
 * @returns whether it has the name now
 */
export async function moveUnlessTaken(part: string, path: string, options: MoveOptions): Promise<boolean> {
  const { folder, hardLink = link } = options;
  if (folder) return claimed(() => mkdir(path).then(() => renameFolder(part, path)));
  return claimed(async () => {
    try {
      await hardLink(part, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
      return replaceEmpty(part, path);
    }
    await rm(part);
  });
}

/** Gives a part the first name beside `path` that is free: out-2.mp4, out-3.mp4, … @returns that name */
export async function moveBeside(part: string, path: string, options: MoveOptions): Promise<string> {
  const ending = options.folder ? "" : extname(path);
  const stem = path.slice(0, path.length - ending.length);
  for (let n = 2; ; n++) {
    const name = `${stem}-${n}${ending}`;
    if (await moveUnlessTaken(part, name, options)) return name;
  }
}

async function claimed(move: () => Promise<void>): Promise<boolean> {
  try {
    await move();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Where there are no hard links (FAT, some network disks): an empty file takes the name, and is replaced. */
async function replaceEmpty(part: string, path: string): Promise<void> {
  await (await open(path, "wx")).close();
  try {
    await rename(part, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Windows renames to no folder that exists, the empty one that took the name included. */
async function renameFolder(part: string, path: string): Promise<void> {
  try {
    await rename(part, path);
  } catch {
    await rmdir(path);
    await rename(part, path);
  }
}
