import { readFileSync } from "node:fs";
import { tensor } from "@bunraku/backends";
import { stringify } from "yaml";
import { officialConfig } from "../../official-configs/official-configs.ts";
import { writeSafetensors } from "../../safetensors/write-safetensors.ts";
import { bytesOf, unsigned } from "../bytes.ts";
import { dense, floats, type Python, stateDictOf } from "../python.ts";
import { smallCheckpoint, writeLegacy, writeZipCheckpoint, zipEntriesOf } from "../write-checkpoint.ts";
import { type TestZipEntry, writeZip } from "../write-zip.ts";

/** A file to damage. */
export interface Specimen {
  readonly name: string;
  readonly reader: "checkpoint" | "safetensors" | "config";
  readonly mutations: "pickle" | "text";
  readonly bytes: Uint8Array;
  /** Makes a file of `bytes` when those are a part of one, so that damage reaches what is inside. */
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
}

const fixture = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../../../../fixtures/${path}`, import.meta.url)));

/** Files that a real torch.save wrote, and others of every form that is read. */
export function corpus(): Specimen[] {
  const checkpoint = (name: string, bytes: Uint8Array): Specimen => ({
    name,
    reader: "checkpoint",
    mutations: "pickle",
    bytes,
  });
  const config = (name: string, bytes: Uint8Array): Specimen => ({ name, reader: "config", mutations: "text", bytes });
  const yaml = (name: string) =>
    bytesOf(
      stringify({ model_params: officialConfig(name).modelParams, dataset_params: { frame_shape: [256, 256, 3] } }),
    );
  return [
    checkpoint("torch-save/legacy.pth.tar", fixture("torch-save/legacy.pth.tar")),
    checkpoint("torch-save/zip.pth.tar", fixture("torch-save/zip.pth.tar")),
    checkpoint("torch-save/bare-parallel.pth", fixture("torch-save/bare-parallel.pth")),
    inside("torch-save/zip.pth.tar", storedEntries(fixture("torch-save/zip.pth.tar"))),
    inside("torch-save/bare-parallel.pth", storedEntries(fixture("torch-save/bare-parallel.pth"))),
    checkpoint("legacy", writeLegacy(smallCheckpoint())),
    checkpoint("legacy of Python 2", writeLegacy(smallCheckpoint(), { python2: true })),
    checkpoint("legacy of protocol 4", writeLegacy(smallCheckpoint(), { protocol: 4 })),
    checkpoint("zip", writeZipCheckpoint(smallCheckpoint())),
    checkpoint("zip64", writeZip(zipEntriesOf(smallCheckpoint()), { onlyLong: true })),
    inside("zip of protocol 4", zipEntriesOf(smallCheckpoint(), { protocol: 4 })),
    checkpoint("large legacy", writeLegacy(large())),
    inside("large zip", zipEntriesOf(large())),
    { name: "safetensors", reader: "safetensors", mutations: "text", bytes: safetensors() },
    { name: "safetensors as a checkpoint", reader: "checkpoint", mutations: "text", bytes: safetensors() },
    header(safetensors()),
    config("vox-256.yaml", yaml("vox-256")),
    config("moving-gif.yaml", yaml("moving-gif")),
    config(
      "vox-adv-256.json",
      bytesOf(JSON.stringify({ model_params: officialConfig("vox-adv-256").modelParams }, null, 1)),
    ),
    config("heads-v0.yaml", fixture("heads-v0/heads-v0.yaml")),
  ];
}

/** Tensors of 400 KB in all, some of which share a storage. */
function large(): Map<Python, Python> {
  const storage = floats(
    "0",
    Array.from({ length: 100_000 }, (_, i) => Math.sin(i)),
  );
  return new Map<Python, Python>([
    ["generator", stateDictOf({ whole: dense(storage, [100, 1000]), part: dense(storage, [10, 10]) })],
    ["kp_detector", stateDictOf({ "kp.weight": dense(floats("1", [1, 2, 3]), [3]) })],
  ]);
}

/** The pickle of a zip, in a fresh zip each time: sizes and offsets around it are right. */
function inside(name: string, entries: readonly TestZipEntry[]): Specimen {
  const place = entries.findIndex((entry) => entry.name.endsWith("/data.pkl"));
  return {
    name: `data.pkl of ${name}`,
    reader: "checkpoint",
    mutations: "pickle",
    bytes: entries[place]!.data,
    wrap: (data) => writeZip(entries.map((entry, index) => (index === place ? { ...entry, data } : entry))),
  };
}

/** The entries of a healthy zip, from its local headers. */
function storedEntries(bytes: Uint8Array): TestZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  const entries: TestZipEntry[] = [];
  for (let at = view.getUint32(end + 16, true), left = view.getUint16(end + 10, true); left > 0; left--) {
    const [size, nameBytes] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
      data: bytes.slice(start, start + size),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function safetensors(): Uint8Array {
  const of = (name: string, dims: number[]) => ({
    name,
    tensor: tensor(
      "float32",
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
      dims,
    ),
  });
  return writeSafetensors([of("generator.first.conv.weight", [4, 3, 2, 2]), of("kp_detector.kp.bias", [10])], {
    metadata: { licence: "MIT" },
  });
}

/** The header of safetensors, with its right length in front. */
function header(file: Uint8Array): Specimen {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  return {
    name: "header of safetensors",
    reader: "safetensors",
    mutations: "text",
    bytes: file.slice(8, 8 + length),
    wrap: (text) => bytesOf(unsigned(text.length, 8), text, file.subarray(8 + length)),
  };
}
