import type { TensorSpec } from "@bunraku/backends/layers";
import type { Family } from "@bunraku/checkpoints";
import { antiAliasTaps } from "@bunraku/warp";
import type { ModuleName } from "../models/architecture.ts";
import { parseFommConfig } from "../models/fomm/fomm-config.ts";

/**
 * Tensors that a checkpoint of a configuration has beside those that inference reads: kernels of the anti-aliased
 * down-sampling, which are computed from the configuration instead. Monkey-Net has none.
 *
 * @throws `MODEL`, `UNSUPPORTED`
 */
export function derivedSpecs(
  family: Family,
  modelParams: unknown,
): Readonly<Record<ModuleName, readonly TensorSpec[]>> {
  if (family !== "fomm") return { generator: [], kp_detector: [] };
  const { detector, denseMotion } = parseFommConfig(modelParams);
  return {
    generator: denseMotion ? kernelSpecs("dense_motion_network.down", denseMotion.scaleFactor) : [],
    kp_detector: kernelSpecs("down", detector.scaleFactor),
  };
}

function kernelSpecs(name: string, scale: number): TensorSpec[] {
  // No checkpoint has a kernel for less, and it would take much memory.
  if (scale === 1 || scale < 1 / 256) return [];
  const taps = antiAliasTaps(scale).length;
  return [{ name: `${name}.weight`, dims: [3, 1, taps, taps] }]; // one copy for each channel
}
