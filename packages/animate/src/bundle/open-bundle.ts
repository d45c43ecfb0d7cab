import { BunrakuError, type LoadOptions } from "@bunraku/backends";
import { bytesSource, readSafetensors, type StateDict } from "@bunraku/checkpoints";
import { loadArchitecture } from "../models/load-architecture.ts";
import { fetchBytes, inside, type Location } from "./fetch-bytes.ts";
import { type ModelManifest, parseManifest } from "./manifest.ts";
import { bundleOf, type ModelBundle } from "./model-bundle.ts";
import { sha256 } from "./sha256.ts";

/**
 * Opens a bundle: a folder (path or URL) that holds `bunraku.json` and the weights it names.
 *
 * The weights' size and SHA-256 must be those of the manifest.
 *
 * @throws `FILE`, `MODEL`, `signal.reason`
 */
export async function openBundle(location: Location, options: LoadOptions = {}): Promise<ModelBundle> {
  const folder = folderOf(location);
  const place = inside(folder, "bunraku.json");
  const manifest = parseManifest(new TextDecoder().decode(await fetchBytes(place, 2 ** 20, options)), place.toString());
  const architecture = loadArchitecture(manifest.family, manifest.modelParams); // on its way beside the weights
  architecture.catch(() => undefined); // told once the weights are there
  const file = inside(folder, manifest.weights.file);
  const bytes = await fetchBytes(file, manifest.weights.bytes, options);
  await checkBytes(bytes, manifest, file.toString());
  const { entries } = await readSafetensors(bytesSource(bytes, file.toString()));
  const { weights: _, ...about } = manifest;
  return bundleOf(
    about,
    (await architecture).specs,
    { kp_detector: moduleOf(entries, "kp_detector."), generator: moduleOf(entries, "generator.") },
    file.toString(),
  );
}

/** A folder is meant also when its manifest is named. */
function folderOf(location: Location): Location {
  if (location instanceof URL) return location.pathname.endsWith("/bunraku.json") ? new URL(".", location) : location;
  const folder = location.replace(/(^|[\\/])bunraku\.json$/, "");
  return /^(https?|file):/.test(location) ? new URL(folder) : folder || ".";
}

async function checkBytes(bytes: Uint8Array, { weights }: ModelManifest, name: string): Promise<void> {
  if (bytes.length !== weights.bytes) {
    throw new BunrakuError(
      "MODEL",
      `${name}: expected ${weights.bytes} bytes, got ${bytes.length}. The file is incomplete; fetch it again.`,
    );
  }
  const digest = await sha256(bytes);
  if (digest && digest !== weights.sha256) {
    throw new BunrakuError(
      "MODEL",
      `${name}: its SHA-256 must be ${weights.sha256}, got ${digest}. The file is damaged or not the one of this bundle; fetch it again.`,
    );
  }
}

function moduleOf(entries: StateDict, prefix: string): StateDict {
  return entries
    .filter((entry) => entry.name.startsWith(prefix))
    .map((entry) => ({
      name: entry.name.slice(prefix.length),
      dims: entry.dims,
      dtype: entry.dtype,
      load: (options) => entry.load(options),
    }));
}
