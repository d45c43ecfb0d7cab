import { modelError, shortened } from "../model-error.ts";
import { type Family, familyOf } from "./family.ts";
import { isObject, type Json, type JsonObject, shown } from "./json.ts";

/** The yaml file of a checkpoint, with the keys that the papers' authors use. */
export interface CheckpointConfig {
  readonly family: Family;
  /** `model_params` as it is in the file. The architectures check its numbers. */
  readonly modelParams: JsonObject;
  /** Height, width and channels of the frames it was trained on, in pixels. */
  readonly frameShape?: readonly [height: number, width: number, channels: number];
  readonly datasetParams?: JsonObject;
  readonly trainParams?: JsonObject;
  /** FOMM: how motion is transferred by default. */
  readonly animateParams?: JsonObject;
  /** Monkey-Net: the same. */
  readonly transferParams?: JsonObject;
}

/** A configuration as the yaml file has it, with its structure checked. @throws `MODEL` naming the key */
export function configOf(config: Json, name: string): CheckpointConfig {
  if (!isObject(config)) throw modelError(name, `wanted a map with the key "model_params", got ${shown(config)}.`);
  const modelParams = section(config, "model_params", name);
  if (!modelParams) {
    const keys = Object.keys(config)
      .slice(0, 12)
      .map((key) => shortened(key, 40));
    throw modelError(name, `the key "model_params" is missing; got ${keys.join(", ") || "an empty map"}.`);
  }
  for (const key of ["kp_detector_params", "generator_params"]) {
    if (!section(modelParams, key, name, "model_params."))
      throw modelError(name, `the key "model_params.${key}" is missing.`);
  }
  section(modelParams, "common_params", name, "model_params.");
  const datasetParams = section(config, "dataset_params", name);
  const trainParams = section(config, "train_params", name);
  const animateParams = section(config, "animate_params", name);
  const transferParams = section(config, "transfer_params", name);
  const frameShape = datasetParams && readFrameShape(datasetParams, name);
  return {
    family: familyOf(modelParams, name),
    modelParams,
    ...(frameShape && { frameShape }),
    ...(datasetParams && { datasetParams }),
    ...(trainParams && { trainParams }),
    ...(animateParams && { animateParams }),
    ...(transferParams && { transferParams }),
  };
}

/** A map inside a map. An empty section is null in yaml, and counts as absent. */
function section(parent: JsonObject, key: string, file: string, prefix = ""): JsonObject | undefined {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw modelError(file, `"${prefix}${key}" must be a map, got ${shown(value)}.`);
  return value;
}

/** Files of both systems call it `image_shape`, later ones of FOMM `frame_shape`. */
function readFrameShape(dataset: JsonObject, file: string): readonly [number, number, number] | undefined {
  const key = Object.hasOwn(dataset, "frame_shape") ? "frame_shape" : "image_shape";
  const value: Json | undefined = dataset[key];
  if (value === undefined || value === null) return undefined;
  const isSize = (size: Json) => typeof size === "number" && Number.isInteger(size) && size > 0;
  if (!Array.isArray(value) || value.length !== 3 || !value.every(isSize)) {
    throw modelError(file, `"dataset_params.${key}" must be [height, width, channels] in pixels, got ${shown(value)}.`);
  }
  return value as unknown as readonly [number, number, number];
}
