import { BunrakuError } from "@bunraku/backends";
import { modelError, quoted } from "../model-error.ts";
import { looksLikeSafetensors } from "../safetensors/is-safetensors.ts";
import type { ByteSource } from "../source/byte-source.ts";
import { readExactly } from "../source/read-exactly.ts";

// A tar archive names itself at byte 257.
const HEAD_BYTES = 512;

/**
 * Which container of torch.save a file is, from its first bytes.
 *
 * @throws `MODEL` or `UNSUPPORTED` that says what it is instead, `FILE` when it is empty
 */
export async function containerOf(source: ByteSource): Promise<"zip" | "legacy"> {
  if (source.size === 0) {
    throw new BunrakuError(
      "FILE",
      `${source.name}: the file is empty (0 bytes). Its download may have failed; get it again.`,
    );
  }
  const head = await readExactly(source, 0, Math.min(HEAD_BYTES, source.size), "the file");
  const text = new TextDecoder("latin1").decode(head);
  if (text.startsWith("PK\x03\x04") || text.startsWith("PK\x05\x06")) return "zip";
  if (isTar(text)) {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${source.name}: this is a tar archive. Files named .pth.tar are usually none. If a checkpoint was packed into it, ` +
        "unpack it; if torch before 0.1.10 wrote it, save it again with a newer one.",
    );
  }
  // A header of 128 bytes begins like a pickle.
  if (head[0] === 0x80 && !looksLikeSafetensors(head)) return "legacy";
  throw modelError(source.name, whatElse(head, text));
}

function isTar(text: string): boolean {
  return text.startsWith("ustar", 257);
}

function whatElse(head: Uint8Array, text: string): string {
  if (/^\s*(\u00ef\u00bb\u00bf)?\s*<(!doctype|html|head|body|\?xml|!--)/i.test(text)) {
    return "this looks like a web page: the download link gave a page instead of the file. Open the link in a browser and save the file itself.";
  }
  if (text.startsWith("version https://git-lfs")) {
    return "this is a Git LFS pointer, not the file it stands for. Fetch it with `git lfs pull`.";
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return "this file is packed with gzip. Unpack it first.";
  if (looksLikeSafetensors(head)) return "this is a safetensors file. Read it with readSafetensors.";
  if (head.every((byte) => byte === 0))
    return "the file begins with zeros only. Its download or disk failed; get it again.";
  return `wanted a file that torch.save wrote, got one that begins with ${quoted(text.slice(0, 16))}.`;
}
