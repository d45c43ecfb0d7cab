import { BunrakuError, sizeOf } from "@bunraku/backends";
import { readCheckpoint } from "../../checkpoint/read-checkpoint.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { readSafetensors } from "../../safetensors/read-safetensors.ts";
import { loadWeights } from "../../tensors/load-weights.ts";
import type { StateDict } from "../../tensors/tensor-entry.ts";
import { countingSource } from "../counting-source.ts";
import { corpus, type Specimen } from "./corpus.ts";
import { mutations } from "./mutations.ts";
import { type PickleOperation, pickleOperations } from "./pickle-operations.ts";
import { Random } from "./random.ts";
import { structureOf } from "./structure.ts";
import { watchAllocations } from "./watch-allocations.ts";

/** What became of one damaged file. */
export interface Attempt {
  readonly what: string;
  /** Code and message; undefined when it was read. */
  readonly refusal: string | undefined;
  /** Bytes of the damaged file. */
  readonly size: number;
  /** Bytes that were read from it in all, and that typed arrays were made with. */
  readonly read: number;
  readonly allocated: number;
  readonly milliseconds: number;
}

// Beyond these, times the file's size plus as much again for a file of 64 KB.
const MOST_READ = 16;
const MOST_ALLOCATED = 32;
const SMALL = 65_536;
const MOST_MILLISECONDS = 10_000;

/** Names that a pickle may hold, as the package's README has them. */
const harmless =
  /^(collections\.OrderedDict|torch\._utils\._rebuild_(tensor_v2|parameter)|torch\.(Float|Half|BFloat16|Double|Long|Int|Short|Char|Byte|Bool)Storage|numpy\.(dtype|ndarray)|numpy\._?core\.multiarray\.(scalar|_reconstruct)|_codecs\.encode)$/;

const specimens = corpus();

/**
 * Damages a file as `seed` and `iteration` say, and reads it.
 *
 * @throws an Error that names seed, iteration, file and damage when anything but a result or a BunrakuError comes of it
 */
export async function attempt(seed: number, iteration: number): Promise<Attempt> {
  const random = new Random(seed, iteration);
  const specimen = specimens[iteration % specimens.length]!;
  const { part, bytes, names } = damage(specimen, random);
  const what = `seed ${seed}, iteration ${iteration}: ${specimen.name}, ${names.join(", ")}`;
  const source = countingSource(bytes, "damaged");
  const started = performance.now();
  try {
    const most = MOST_ALLOCATED * (bytes.length + SMALL);
    const { result: refusal, bytes: allocated } = await watchAllocations(most, async () => {
      try {
        await readWhole(specimen, source, bytes);
        // A whole zip can hold pickles that nobody reads, so only one that was wrapped is looked at.
        if (specimen.wrap && specimen.mutations === "pickle") requireHarmless(pickleOperations(part, 0));
        else if (bytes[0] === 0x80) requireHarmless(structureOf(bytes).operations);
        return undefined;
      } catch (error) {
        if (!BunrakuError.is(error)) throw error;
        return sentence(error);
      }
    });
    const milliseconds = performance.now() - started;
    const read = source.reads.reduce((sum, { length }) => sum + length, 0);
    for (const { offset, length } of source.reads) {
      if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
        throw new Error(`It was read outside the file: ${length} bytes at byte ${offset}.`);
      }
    }
    if (read > MOST_READ * (bytes.length + SMALL)) throw new Error(`It read ${read} bytes.`);
    if (milliseconds > MOST_MILLISECONDS) throw new Error(`It took ${milliseconds} ms.`);
    return { what, refusal, size: bytes.length, read, allocated, milliseconds };
  } catch (cause) {
    throw new Error(`${what}: ${(cause as Error).name}: ${(cause as Error).message}`, { cause });
  }
}

/** One mutation of a file in half of the cases, up to four in the others. */
function damage(specimen: Specimen, random: Random): { part: Uint8Array; bytes: Uint8Array; names: string[] } {
  let bytes = specimen.bytes;
  const names: string[] = [];
  for (let count = 1 + random.below(2) * random.below(4); count > 0 && bytes.length > 0; count--) {
    const [name, mutate] = random.pick(mutations[specimen.mutations]);
    bytes = mutate(bytes, random, random.pick(specimens).bytes);
    names.push(name);
  }
  return { part: bytes, bytes: specimen.wrap?.(bytes) ?? bytes, names };
}

async function readWhole(specimen: Specimen, source: ReturnType<typeof countingSource>, bytes: Uint8Array) {
  if (specimen.reader === "config") {
    JSON.stringify(parseConfig(new TextDecoder().decode(bytes), "damaged"));
    return;
  }
  if (specimen.reader === "safetensors") {
    await loadAll((await readSafetensors(source)).entries);
    return;
  }
  const { modules } = await readCheckpoint(source);
  for (const entries of modules.values()) await loadAll(entries);
}

/** Loads all tensors, also those that are no weights. */
async function loadAll(entries: StateDict): Promise<void> {
  for (const entry of entries) {
    const { data, dims } = await entry.load({ allowNonFinite: true });
    if (data.length !== sizeOf(dims)) throw new Error(`Tensor [${dims}] has ${data.length} elements.`);
  }
  await loadWeights(entries);
}

/** A file that was read has no name in its pickles but the few allowed ones: a machine of one's own looks for others. */
function requireHarmless(operations: readonly PickleOperation[]): void {
  for (const { global } of operations) {
    if (global !== undefined && !harmless.test(global)) throw new Error(`A file with ${global} in it was read.`);
  }
}

function sentence({ code, message }: BunrakuError): string {
  if (/^(MODEL|UNSUPPORTED|FILE)$/.test(code) && /^damaged: [^\p{Cc}]*\.$/u.test(message) && message.length <= 2000) {
    return `${code} ${message}`;
  }
  throw new Error(`It was refused with ${code} "${message}".`);
}
