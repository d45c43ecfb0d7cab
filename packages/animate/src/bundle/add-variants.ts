import { BunrakuError } from "@bunraku/backends";
import { writeSafetensors } from "@bunraku/checkpoints";
import type { ModelWeights } from "../models/architecture.ts";
import { fetchBytes, inside, type Location } from "./fetch-bytes.ts";
import { type BundleFile, parseManifest, type Variant } from "./manifest.ts";
import { folderOf } from "./open-bundle.ts";
import { sha256 } from "./sha256.ts";

export interface AddVariantsOptions {
  /** Whether all files of the bundle are wanted, for another folder, or only those that are new. @default false */
  readonly whole?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Adds forms of a bundle's weights to it: its manifest, and the files that it names from then on.
 *
 * @param added the files of the variants; variants of the same name are replaced
 * @returns Bytes by file name, owned by the caller; `bunraku.json` is last
 * @throws `FILE`, `MODEL`; `UNSUPPORTED` where the platform cannot compute a SHA-256; `signal.reason`
 */
export async function addVariants(
  location: Location,
  added: Readonly<Partial<Record<Variant, Uint8Array>>>,
  { whole = false, signal }: AddVariantsOptions = {},
): Promise<Record<string, Uint8Array>> {
  const options = signal ? { signal } : {};
  const folder = folderOf(location);
  const place = inside(folder, "bunraku.json");
  const text = new TextDecoder().decode(await fetchBytes(place, 2 ** 20, options));
  const manifest = parseManifest(text, place.toString());
  const files: Record<string, Uint8Array> = {};
  const variants: Partial<Record<Variant, BundleFile>> = { ...manifest.variants };
  for (const [variant, bytes] of Object.entries(added) as [Variant, Uint8Array][]) {
    const digest = await sha256(bytes);
    if (digest === undefined) {
      const message = "addVariants: a SHA-256 needs Web Crypto, which pages have when they are served over https.";
      throw new BunrakuError("UNSUPPORTED", message);
    }
    if (digest === manifest.weights.sha256) {
      variants[variant] = manifest.weights; // its weights have been in half precision all along
      continue;
    }
    const file = `weights.${variant}.safetensors`;
    files[file] = bytes;
    variants[variant] = { file, sha256: digest, bytes: bytes.length };
  }
  if (whole) {
    for (const { file, bytes } of [manifest.weights, ...Object.values(variants)])
      files[file] ??= await fetchBytes(inside(folder, file), bytes, options);
  }
  files["bunraku.json"] = new TextEncoder().encode(`${JSON.stringify({ ...manifest, variants }, null, 2)}\n`);
  return files;
}

/**
 * The weights of a model in half precision, as the file of a variant.
 *
 * @throws `MODEL` when one is too large for it
 */
export function encodeHalf(weights: ModelWeights): Uint8Array {
  const tensors = Object.entries(weights).flatMap(([module, tensors]) =>
    [...tensors].map(([name, tensor]) => ({ name: `${module}.${name}`, tensor })),
  );
  return writeSafetensors(tensors, { dtype: "F16" });
}
