import { expect, test } from "vitest";
import { bytesSource } from "../source/byte-source.ts";
import { bytesOf, unsigned } from "../testing/bytes.ts";
import { refusal } from "../testing/refusal.ts";
import { writePickle } from "../testing/write-pickle.ts";
import { writeZip } from "../testing/write-zip.ts";
import { readCheckpoint } from "./read-checkpoint.ts";

const tar = bytesOf("sys_info", new Uint8Array(249), "ustar", 0, "00", new Uint8Array(1000));

test.each([
  { what: "an empty file", bytes: bytesOf(), says: "FILE x.pth: the file is empty (0 bytes)." },
  {
    what: "a web page",
    bytes: bytesOf("\n <!DOCTYPE html><html><head>"),
    says: "MODEL x.pth: this looks like a web page: the download link gave a page instead of the file.",
  },
  {
    what: "a web page with a byte order mark",
    bytes: bytesOf("\ufeff<html lang=en>"),
    says: "this looks like a web page",
  },
  {
    what: "a Git LFS pointer",
    bytes: bytesOf("version https://git-lfs", "\noid sha256:00\nsize 5\n"),
    says: "MODEL x.pth: this is a Git LFS pointer, not the file it stands for. Fetch it with `git lfs pull`.",
  },
  {
    what: "gzip",
    bytes: bytesOf(0x1f, 0x8b, 8, 0),
    says: "MODEL x.pth: this file is packed with gzip. Unpack it first.",
  },
  { what: "a tar archive", bytes: tar, says: "UNSUPPORTED x.pth: this is a tar archive." },
  {
    what: "safetensors",
    bytes: bytesOf(unsigned(16, 8), '{"a":1}         '),
    says: "MODEL x.pth: this is a safetensors file. Read it with readSafetensors.",
  },
  {
    what: "safetensors with a header of 128 bytes, which begins like a pickle",
    bytes: bytesOf(unsigned(128, 8), '{"a":1}', " ".repeat(121)),
    says: "MODEL x.pth: this is a safetensors file. Read it with readSafetensors.",
  },
  { what: "zeros", bytes: new Uint8Array(2000), says: "MODEL x.pth: the file begins with zeros only." },
  {
    what: "something else",
    bytes: bytesOf("\x89HDF\r\n"),
    says: 'wanted a file that torch.save wrote, got one that begins with "',
  },
  {
    what: "another pickle",
    bytes: writePickle([1, 2]).bytes,
    says: "MODEL x.pth: this is a pickle, and not one that torch.save writes: it begins with a list.",
  },
  {
    what: "TorchScript",
    bytes: writeZip([
      { name: "m/data.pkl", data: bytesOf(0x80, 2, "N.") },
      { name: "m/code/m.py", data: bytesOf("x"), method: 8 },
    ]),
    says: "UNSUPPORTED x.pth: this is a TorchScript archive (torch.jit.save): a program, not a state dictionary.",
  },
  {
    what: "a checkpoint packed into a zip",
    bytes: writeZip([{ name: "vox.pth.tar", data: bytesOf("x"), method: 8 }]),
    says: 'got one without a data.pkl. It holds "vox.pth.tar": unpack it first.',
  },
  {
    what: "an empty zip",
    bytes: writeZip([], { withZip64: false }),
    says: "wanted a zip that torch.save wrote, got one without a data.pkl.",
  },
])("$what is called by its name", async ({ bytes, says }) => {
  expect(await refusal(() => readCheckpoint(bytesSource(bytes, "x.pth")))).toContain(says);
});
