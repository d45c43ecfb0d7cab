import { readFileSync } from "node:fs";
import { type Backend, type Tensor, tensor } from "@bunraku/backends";
import { proceduralTensor } from "@bunraku/backends/testing/procedural";
import type { StateDict } from "@bunraku/checkpoints";
import type { Picture } from "@bunraku/warp";
import { bundleOf, type ModelBundle } from "../bundle/model-bundle.ts";
import { loadModel } from "../load-model.ts";
import { architectureOf } from "../models/architecture.ts";
import type { Model } from "../models/model.ts";

const golden = new URL("../../../../fixtures/golden/fomm_tiny.json", import.meta.url);

/** The `model_params` of the tiny golden fixture: 4 keypoints, 64 × 64. */
export const tinyParams = JSON.parse(readFileSync(golden, "utf8")).config as Record<string, Record<string, unknown>>;

/** A bundle of procedural weights; `change` may replace a tensor. */
export function tinyBundle(
  change: (name: string, weight: Tensor<"float32">) => Tensor<"float32"> = (_, weight) => weight,
): ModelBundle {
  const { specs } = architectureOf("fomm", tinyParams);
  const entries = (module: keyof typeof specs): StateDict =>
    specs[module].map(({ name, dims }) => ({
      name,
      dims,
      dtype: "float32",
      load: async () => change(`${module}.${name}`, proceduralTensor(module, name, dims)),
    }));
  return bundleOf(
    {
      formatVersion: 1,
      name: "tiny",
      family: "fomm",
      modelParams: tinyParams,
      frameSize: [64, 64],
      alignCorners: true,
    },
    specs,
    { generator: entries("generator"), kp_detector: entries("kp_detector") },
    "tiny",
  );
}

export function tinyModel(backend: Backend): Promise<Model> {
  return loadModel(backend, tinyBundle());
}

/** An opaque picture of smooth colours; `shift` moves them, in pixels. */
export function colours(width: number, height: number, shift = 0): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      data[at] = 128 + 100 * Math.sin((x + shift) / 9);
      data[at + 1] = 128 + 100 * Math.sin(y / 7);
      data[at + 2] = 128 + 100 * Math.cos((x + shift + y) / 11);
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

/** A constant weight in a tensor's place. */
export function filled(like: Tensor<"float32">, value: number): Tensor<"float32"> {
  return tensor("float32", new Float32Array(like.data.length).fill(value), like.dims);
}
