import type { TensorSpec } from "@bunraku/backends/layers";
import type { Family } from "@bunraku/checkpoints";
import { antiAliasTaps, type Size } from "@bunraku/warp";
import { architectureOf } from "../models/architecture.ts";
import { type FommConfig, parseFommConfig } from "../models/fomm/fomm-config.ts";
import { expectFrameSize } from "../models/frame-rule.ts";

/** What inspection asks of an architecture. */
export interface InspectedArchitecture {
  /** The tensors that inference needs. */
  readonly specs: Readonly<Record<"generator" | "kp_detector", readonly TensorSpec[]>>;
  /** Tensors that a checkpoint of this architecture has too, and that are computed from the configuration instead. */
  readonly derived: Readonly<Record<"generator" | "kp_detector", readonly TensorSpec[]>>;
  /** What each side of a frame must be a multiple of, in pixels. */
  readonly sizeStep: number;
  /** @throws `MODEL` */
  expectSize(size: Size): void;
}

/** Reads `model_params` of either family. @throws `MODEL`, `UNSUPPORTED` */
export function inspectedArchitecture(family: Family, modelParams: unknown): InspectedArchitecture {
  const { specs, frames } = architectureOf(family, modelParams);
  return {
    specs,
    derived: family === "fomm" ? derivedOfFomm(parseFommConfig(modelParams)) : { generator: [], kp_detector: [] },
    sizeStep: frames.step,
    expectSize: (size) => expectFrameSize(frames, size),
  };
}

function derivedOfFomm({ denseMotion, detector }: FommConfig): InspectedArchitecture["derived"] {
  return {
    generator: denseMotion ? antiAliasSpecs("dense_motion_network.down", denseMotion.scaleFactor) : [],
    kp_detector: antiAliasSpecs("down", detector.scaleFactor),
  };
}

/** The kernel of upstream's anti-aliased down-sampling, one copy for each channel. */
function antiAliasSpecs(name: string, scale: number): TensorSpec[] {
  // No checkpoint has a kernel for less, and it would take much memory.
  if (scale === 1 || scale < 1 / 256) return [];
  const taps = antiAliasTaps(scale).length;
  return [{ name: `${name}.weight`, dims: [3, 1, taps, taps] }];
}
