import { elementBytes } from "../numbers/element-type.ts";
import { bytesOf, unsigned } from "./bytes.ts";
import { dense, floats, longs, type Python, stateDictOf } from "./python.ts";
import { type WritePickleOptions, writePickle } from "./write-pickle.ts";
import { type TestZipEntry, writeZip } from "./write-zip.ts";

/** Writes what torch.save writes before version 1.6. */
export function writeLegacy(
  object: Python,
  { littleEndian = true, ...options }: WritePickleOptions & { littleEndian?: boolean } = {},
): Uint8Array {
  const sizes = new Map([
    ["short", 2],
    ["int", 4],
    ["long", 4],
  ]);
  const system = new Map<Python, Python>([
    ["protocol_version", 1001],
    ["little_endian", littleEndian],
    ["type_sizes", sizes],
  ]);
  const { bytes, storages } = writePickle(object, { ...options, legacy: true });
  return bytesOf(
    ...[0x1950a86a20f9469cfc6cn, 1001, system].map((value) => writePickle(value).bytes),
    bytes,
    writePickle(storages.map((storage) => storage.key)).bytes,
    ...storages.flatMap(({ data, type }) => [unsigned(data.length / elementBytes[type], 8), data]),
  );
}

/** The entries of the zip that torch.save writes since version 1.6. */
export function zipEntriesOf(object: Python, options: WritePickleOptions = {}): TestZipEntry[] {
  const { bytes, storages } = writePickle(object, options);
  return [
    { name: "small/data.pkl", data: bytes },
    { name: "small/byteorder", data: bytesOf("little") },
    ...storages.map(({ key, data }) => ({ name: `small/data/${key}`, data })),
    { name: "small/version", data: bytesOf("3\n") },
  ];
}

/** Writes what torch.save writes since version 1.6. */
export function writeZipCheckpoint(object: Python, options: WritePickleOptions = {}): Uint8Array {
  return writeZip(zipEntriesOf(object, options));
}

export const containers = [
  { container: "zip", write: writeZipCheckpoint },
  { container: "legacy", write: writeLegacy },
] as const;

/** A checkpoint with everything that official ones have, in small: two networks, an optimizer, an epoch. */
export function smallCheckpoint(): Map<Python, Python> {
  const momentum = dense(floats("9", [0.5, 0.25]), [2]);
  return new Map<Python, Python>([
    [
      "generator",
      stateDictOf({
        "first.conv.weight": dense(floats("0", [1, 2, 3, 4, 5, 6]), [2, 3, 1, 1]),
        "first.conv.bias": dense(floats("1", [-1, 0.5]), [2]),
        "first.norm.num_batches_tracked": dense(longs("2", [12345]), []),
      }),
    ],
    ["kp_detector", stateDictOf({ "kp.weight": dense(floats("3", [0.125, -8, 3e-5]), [3, 1]) })],
    [
      "optimizer_generator",
      new Map<Python, Python>([
        [
          "state",
          new Map<Python, Python>([
            [
              140_712_345_678_901n,
              new Map<Python, Python>([
                ["step", 7],
                ["exp_avg", momentum],
              ]),
            ],
          ]),
        ],
        [
          "param_groups",
          [
            new Map<Python, Python>([
              ["lr", 2e-4],
              ["betas", [0.5, 0.999]],
              ["params", [140_712_345_678_901n]],
            ]),
          ],
        ],
      ]),
    ],
    ["epoch", 99],
    ["it", 70_000],
  ]);
}
