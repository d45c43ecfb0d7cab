import { BunrakuError } from "@bunraku/backends";
import { join } from "./join.ts";

/** How much is handed over at once: what comes out before it can be counted is at most 1032 times as much. */
const portion = 4096;

/**
 * Decompresses a zlib stream that must give exactly `wanted` bytes.
 *
 * It stops as soon as there are more, and nothing is allocated before it has come out, so that neither a file that says
 * too little nor one that says too much costs more than it holds. The platform's own decompressor: fast, and in every
 * runtime; bytes behind the end of the stream are an error to browsers, and nothing to Node.
 *
 * @param parts the stream, in order
 * @throws `MEDIA` when the stream is damaged, too short or too long
 */
export async function inflateExactly(
  parts: readonly Uint8Array[],
  wanted: number,
  who: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const feeding = feed(writer, parts);
  feeding.catch(() => {}); // reading fails by the same error
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > wanted) break;
      chunks.push(value);
    }
    if (total <= wanted) await feeding;
  } catch (cause) {
    throw new BunrakuError("MEDIA", `${who}: its pixels cannot be decompressed; the file is cut short or damaged.`, {
      cause,
    });
  } finally {
    writer.abort().catch(() => {});
    reader.cancel().catch(() => {});
  }
  if (total !== wanted) {
    const got = total > wanted ? "more" : `${total}`;
    throw new BunrakuError(
      "MEDIA",
      `${who}: its size needs ${wanted} bytes of pixels, got ${got}; the file is damaged.`,
    );
  }
  return join(chunks);
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += portion) {
      await writer.ready;
      await writer.write(part.slice(at, at + portion)); // a copy: the stream may keep it
    }
  }
  await writer.close();
}

/** Compresses to a zlib stream. */
export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
