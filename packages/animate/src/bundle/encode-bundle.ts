import { BunrakuError } from "@bunraku/backends";
import { writeSafetensors } from "@bunraku/checkpoints";
import type { Licences, ModelManifest } from "./manifest.ts";
import type { ModelBundle } from "./model-bundle.ts";
import { sha256 } from "./sha256.ts";

/** What a bundle says of itself, and how precisely it holds its weights. */
export interface EncodeBundleOptions {
  /** Precision on disk; float16 halves the size, and is float32 again when loaded. @default "F32" */
  readonly dtype?: "F32" | "F16";
  readonly name?: string;
  readonly framing?: "face";
  readonly licences?: Licences;
  readonly trainedOn?: string;
  readonly description?: string;
  readonly signal?: AbortSignal;
}

/**
 * The files of a bundle folder: `bunraku.json` and `weights.safetensors`.
 *
 * @returns Bytes by file name, owned by the caller
 * @throws `MODEL`, `FILE`; `UNSUPPORTED` where the platform cannot compute a SHA-256; `signal.reason`
 */
export async function encodeBundle(
  bundle: ModelBundle,
  { dtype = "F32", signal, ...about }: EncodeBundleOptions = {},
): Promise<{ "bunraku.json": Uint8Array; "weights.safetensors": Uint8Array }> {
  const weights = await bundle.loadWeights(signal ? { signal } : {});
  const tensors = Object.entries(weights).flatMap(([module, tensors]) =>
    [...tensors].map(([name, tensor]) => ({ name: `${module}.${name}`, tensor })),
  );
  const bytes = writeSafetensors(tensors, { dtype });
  const digest = await sha256(bytes);
  if (digest === undefined)
    throw new BunrakuError(
      "UNSUPPORTED",
      "encodeBundle: the SHA-256 of the weights needs Web Crypto, which pages have when they are served over https.",
    );
  const given = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
  const manifest: ModelManifest = {
    ...bundle.manifest,
    ...given,
    weights: { file: "weights.safetensors", sha256: digest, bytes: bytes.length },
  };
  return {
    "bunraku.json": new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`),
    "weights.safetensors": bytes,
  };
}
