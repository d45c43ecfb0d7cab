import { BunrakuError } from "@bunraku/backends";
import {
  checksumBytes,
  checkTrailer,
  cutShort,
  decodePrefix,
  decodeRecord,
  isEnd,
  prefixBytes,
  recordBytes,
  trailerBytes,
} from "./clip-bytes.ts";
import { decodeHeader, type MotionClipHeader } from "./clip-header.ts";
import { crc32 } from "./crc32.ts";
import { join } from "./join.ts";
import { expectInitial, type MotionFrame } from "./motion-clip.ts";
import type { ReadMotionOptions } from "./read-motion-clip.ts";

/** A motion clip that is read as it comes. */
export interface MotionStream {
  readonly header: MotionClipHeader;
  /** Frames in order, each owned by the caller. Going through them, or leaving the loop, closes the source. */
  readonly frames: AsyncGenerator<MotionFrame, void, undefined>;
}

/**
 * Reads a motion clip of any length frame by frame, from pieces of any size; it holds one record and one piece.
 *
 * Damage is noticed where it stands, and a wrong checksum or a missing end after the last frame: the frames before are
 * those that were recorded as far as one can tell.
 *
 * @param chunks the bytes of a file, in order: a Node stream, the body of a response, an array
 * @throws `FILE`, `UNSUPPORTED`, here for the header and from `frames` for the rest; what `chunks` throws
 */
export async function readMotionFrames(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { name: file = "motion clip" }: ReadMotionOptions = {},
): Promise<MotionStream> {
  const input = byteQueue(chunks);
  try {
    const prefix = await input.take(prefixBytes);
    // Fewer bytes than a prefix: some other format, or the beginning of this one.
    const length = decodePrefix(prefix ?? (await input.rest()), file);
    const json = await input.take(length);
    if (!json) throw cutShort(file);
    const header = decodeHeader(json, file);
    return { header, frames: framesOf(input, header, file, crc32(json, crc32(prefix!))) };
  } catch (error) {
    await input.close();
    throw error;
  }
}

async function* framesOf(
  input: ByteQueue,
  header: MotionClipHeader,
  file: string,
  crc: number,
): AsyncGenerator<MotionFrame, void, undefined> {
  try {
    const step = recordBytes(header);
    let before: number | undefined;
    for (let index = 0; ; index++) {
      // No record is shorter than the trailer, so that this many bytes always belong together.
      const beginning = await input.take(trailerBytes);
      if (!beginning) throw cutShort(file);
      if (isEnd(beginning)) {
        crc = crc32(beginning.subarray(0, trailerBytes - checksumBytes), crc);
        checkTrailer(beginning, { file, count: index, crc });
        expectInitial(header, index, "FILE", file);
        if ((await input.rest()).length > 0) {
          throw new BunrakuError("FILE", `${file}: there are bytes after its end. The file is damaged.`);
        }
        return;
      }
      const remainder = await input.take(step - trailerBytes);
      if (!remainder) throw cutShort(file);
      const record = join([beginning, remainder]);
      crc = crc32(record, crc);
      const frame = decodeRecord(record, header, { file, index, before });
      before = frame.timestamp;
      yield frame;
    }
  } finally {
    await input.close();
  }
}

interface ByteQueue {
  /** The next `count` bytes; `undefined` when the source ends before. Nothing is allocated before they are there. */
  take(count: number): Promise<Uint8Array | undefined>;
  /** What is left over after a `take` that failed, or the next bytes there are, if any. */
  rest(): Promise<Uint8Array>;
  /** Lets the source go. */
  close(): Promise<void>;
}

function byteQueue(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ByteQueue {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let waiting: Uint8Array[] = [];
  let held = 0;
  let ended = false;
  const pull = async () => {
    const next = await iterator.next();
    if (next.done) ended = true;
    else if (!(next.value instanceof Uint8Array)) {
      throw new BunrakuError(
        "OPTION",
        `readMotionFrames: expected pieces of bytes (Uint8Array), got ${typeof next.value}.`,
      );
    } else if (next.value.length > 0) {
      waiting.push(next.value);
      held += next.value.length;
    }
  };
  return {
    async take(count) {
      while (held < count && !ended) await pull();
      if (held < count) return undefined;
      // Pieces are joined once per piece that comes, not once per record.
      const bytes = waiting.length === 1 ? waiting[0]! : join(waiting);
      waiting = [bytes.subarray(count)];
      held -= count;
      return bytes.subarray(0, count);
    },
    async rest() {
      while (held === 0 && !ended) await pull();
      return join(waiting);
    },
    async close() {
      if (!ended) await iterator.return?.();
      ended = true;
    },
  };
}
