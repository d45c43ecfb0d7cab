import { open } from "node:fs/promises";
import { BunrakuError } from "@bunraku/backends";
import type { Target } from "@bunraku/media/node";

/** A file that is written piece by piece. Disposing it closes it, and does no harm twice. */
export interface PartFile extends AsyncDisposable {
  /** How much was written. */
  readonly bytes: number;
  /** @throws `FILE` when the disk is full, or gone */
  write(piece: Uint8Array): Promise<void>;
}

/** Opens the file of a reserved target for writing. @throws `FILE` */
export async function openPartFile({ path, part }: Pick<Target, "path" | "part">): Promise<PartFile> {
  const file = await open(part, "w").catch((cause) => {
    throw unwritable(path, cause);
  });
  let [bytes, closed] = [0, false];
  return {
    get bytes() {
      return bytes;
    },
    async write(piece) {
      await file.writeFile(piece).catch((cause) => {
        throw unwritable(path, cause);
      });
      bytes += piece.length;
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await file.close().catch((cause) => {
        throw unwritable(path, cause);
      });
    },
  };
}

/** The error for a result that the system does not let us write. */
export function unwritable(path: string, cause: unknown): BunrakuError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new BunrakuError("FILE", `${path}: could not be written (${why}).`, { cause });
}
