import { readFile } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";
import { expectFile, unreadable } from "./expect-file.ts";

/** Configurations and manifests are a few kilobytes. */
const largestText = 2 ** 24;

/** The text of a configuration or manifest. @throws `FILE` */
export async function readText(path: string): Promise<string> {
  try {
    const { size } = await expectFile(path);
    if (size > largestText)
      throw new BunrakuError("FILE", `${path}: wanted at most ${largestText} bytes of text, got ${size}.`);
    return await readFile(path, "utf8");
  } catch (cause) {
    throw BunrakuError.is(cause) ? cause : unreadable(path, cause);
  }
}
