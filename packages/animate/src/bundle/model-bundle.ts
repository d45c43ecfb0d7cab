import { BunrakuError } from "@bunraku/backends";
import type { TensorSpec } from "@bunraku/backends/layers";
import { loadWeights, type StateDict } from "@bunraku/checkpoints";
import { sameDims } from "../inspection/tensor-differences.ts";
import type { Architecture, ModelWeights, ModuleName } from "../models/architecture.ts";
import type { Quantization } from "../quantize/quantization.ts";
import type { ModelManifest, Variant } from "./manifest.ts";

/** What a bundle says of itself, but for its files. */
export type BundleManifest = Omit<ModelManifest, "weights" | "variants">;

/** A model that can be loaded: what it is, and where its weights come from. */
export interface ModelBundle {
  readonly manifest: BundleManifest;
  /** Which form of the weights was opened. @default those that the bundle was made with */
  readonly variant?: Variant;
  /** How the model computes in integers, where a backend does. */
  readonly quantization?: Quantization;
  /** Reads the weights that the architecture needs, as float32. @throws `MODEL`, `FILE`, `signal.reason` */
  loadWeights(options?: { signal?: AbortSignal }): Promise<ModelWeights>;
}

/** A bundle over state dictionaries; checks at once that they hold what the configuration asks for: `specs`. */
export function bundleOf(
  manifest: BundleManifest,
  specs: Architecture["specs"],
  modules: Readonly<Record<ModuleName, StateDict>>,
  name: string,
): ModelBundle {
  checkTensors("kp_detector", specs.kp_detector, modules.kp_detector, name);
  checkTensors("generator", specs.generator, modules.generator, name);
  const load = (module: ModuleName, options: { signal?: AbortSignal }) => {
    const needed = new Set(specs[module].map((spec) => spec.name));
    return loadWeights(modules[module], { ...options, filter: (key) => needed.has(key) });
  };
  return {
    manifest,
    async loadWeights(options = {}) {
      return { kp_detector: await load("kp_detector", options), generator: await load("generator", options) };
    },
  };
}

/** @throws `MODEL` with the first few tensors that are missing or have other dims */
function checkTensors(module: string, specs: readonly TensorSpec[], entries: StateDict, name: string): void {
  const found = new Map(entries.map((entry) => [entry.name, entry]));
  const problems: string[] = [];
  for (const { name: key, dims } of specs) {
    const entry = found.get(key);
    if (!entry) problems.push(`${key} [${dims.join(", ")}] is missing`);
    else if (!sameDims(dims, entry.dims))
      problems.push(`${key} must be [${dims.join(", ")}], got [${entry.dims.join(", ")}]`);
  }
  if (problems.length === 0) return;
  const more = problems.length > 3 ? `, and ${problems.length - 3} more` : "";
  throw new BunrakuError(
    "MODEL",
    `${name}: the weights of ${module} do not fit the configuration: ${problems.slice(0, 3).join("; ")}${more}. Do weights and configuration belong together?`,
  );
}
