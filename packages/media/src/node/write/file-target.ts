import type { FileHandle } from "node:fs/promises";
import { StreamTarget, type StreamTargetChunk } from "mediabunny";
import { writeAll } from "./write-all.ts";

/**
 * Lets a container be written to an open file, which stays open: whoever opened it closes it, and hears what that says.
 *
 * Stands in for mediabunny's FilePathTarget (1.61), which takes a short write for a whole one: on a full disk its files
 * have holes, or no end, and nobody is told. Pieces are gathered to 16 MiB just as there.
 */
export function fileTarget(file: Pick<FileHandle, "write">): StreamTarget {
  const writable = new WritableStream<StreamTargetChunk>({
    write: ({ data, position }) => writeAll(file, data, position),
  });
  return new StreamTarget(writable, { chunked: true });
}
