import { BunrakuError, type LoadOptions } from "@bunraku/backends";
import { bytesSource, readSafetensors } from "@bunraku/checkpoints";
import { loadArchitecture } from "../models/load-architecture.ts";
import { fetchBytes, inside, type Location } from "./fetch-bytes.ts";
import { type BundleFile, type ModelManifest, parseManifest, type Variant } from "./manifest.ts";
import { bundleOf, type ModelBundle } from "./model-bundle.ts";
import { moduleOf } from "./module-of.ts";
import { sha256 } from "./sha256.ts";

export interface OpenBundleOptions extends LoadOptions {
  /** Opens another form of the weights, which alone is read. @default the weights that the bundle was made with */
  readonly variant?: Variant;
}

/**
 * Opens a bundle: a folder (path or URL) that holds `bunraku.json` and the weights it names.
 *
 * The weights' size and SHA-256 must be those of the manifest.
 *
 * @throws `FILE`, `MODEL`, `signal.reason`; `OPTION` when the bundle does not have the variant
 */
export async function openBundle(
  location: Location,
  { variant, ...options }: OpenBundleOptions = {},
): Promise<ModelBundle> {
  const folder = folderOf(location);
  const place = inside(folder, "bunraku.json");
  const manifest = parseManifest(new TextDecoder().decode(await fetchBytes(place, 2 ** 20, options)), place.toString());
  const chosen = variant === undefined ? manifest.weights : variantOf(manifest, variant, place.toString());
  const architecture = loadArchitecture(manifest.family, manifest.modelParams); // on its way beside the weights
  architecture.catch(() => undefined); // told once the weights are there
  const file = inside(folder, chosen.file);
  const name = file.toString();
  const bytes = await fetchBytes(file, chosen.bytes, options);
  await checkBytes(bytes, chosen, name);
  const read = await readSafetensors(bytesSource(bytes, name));
  const { entries, quantization } =
    variant === "int8"
      ? (await import("../quantize/decode-quantized.ts")).decodeQuantized(read, name)
      : { entries: read.entries, quantization: undefined };
  const { weights: _, variants: __, ...about } = manifest;
  const { specs } = await architecture;
  const modules = { kp_detector: moduleOf(entries, "kp_detector"), generator: moduleOf(entries, "generator") };
  return {
    ...bundleOf(about, specs, modules, name),
    ...(variant && { variant }),
    ...(quantization && { quantization }),
  };
}

function variantOf({ variants = {} }: ModelManifest, variant: Variant, name: string): BundleFile {
  const found = Object.hasOwn(variants, variant) ? variants[variant] : undefined;
  if (found) return found;
  const others = Object.keys(variants);
  const there = others.length > 0 ? `it has ${others.join(", ")}` : "it has none";
  throw new BunrakuError(
    "OPTION",
    `${name}: there is no variant ${JSON.stringify(variant)}; ${there}. bunraku quantize makes int8 and fp16.`,
  );
}

/** A folder is meant also when its manifest is named. */
export function folderOf(location: Location): Location {
  if (location instanceof URL) return location.pathname.endsWith("/bunraku.json") ? new URL(".", location) : location;
  const folder = location.replace(/(^|[\\/])bunraku\.json$/, "");
  return /^(https?|file):/.test(location) ? new URL(folder) : folder || ".";
}

async function checkBytes(bytes: Uint8Array, wanted: BundleFile, name: string): Promise<void> {
  if (bytes.length !== wanted.bytes) {
    throw new BunrakuError(
      "MODEL",
      `${name}: expected ${wanted.bytes} bytes, got ${bytes.length}. The file is incomplete; fetch it again.`,
    );
  }
  const digest = await sha256(bytes);
  if (digest && digest !== wanted.sha256) {
    throw new BunrakuError(
      "MODEL",
      `${name}: its SHA-256 must be ${wanted.sha256}, got ${digest}. The file is damaged or not the one of this bundle; fetch it again.`,
    );
  }
}
