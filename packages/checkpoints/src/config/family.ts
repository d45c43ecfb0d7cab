import { modelError } from "../model-error.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** Which of the two systems a checkpoint belongs to. */
export type Family = "fomm" | "monkey-net";

/** Keys of `model_params` that only one of the systems has. */
const marks: Readonly<Record<Family, readonly string[]>> = {
  fomm: [
    "common_params.estimate_jacobian",
    "kp_detector_params.estimate_jacobian",
    "kp_detector_params.single_jacobian_map",
    "generator_params.estimate_occlusion_map",
    "generator_params.num_down_blocks",
    "generator_params.num_bottleneck_blocks",
  ],
  "monkey-net": [
    "common_params.kp_variance",
    "kp_detector_params.clip_variance",
    "generator_params.kp_embedding_params",
    "generator_params.num_refinement_blocks",
    "generator_params.dense_motion_params.mask_embedding_params",
    "generator_params.dense_motion_params.use_correction",
  ],
};

/** Tells the systems apart by the keys that only one of them has. @throws `MODEL` when there are none, or of both */
export function familyOf(modelParams: JsonObject, file: string): Family {
  const fomm = marks.fomm.filter((path) => has(modelParams, path));
  const monkeyNet = marks["monkey-net"].filter((path) => has(modelParams, path));
  if (fomm.length > 0 && monkeyNet.length > 0) {
    throw modelError(
      file,
      `"model_params.${fomm[0]}" belongs to FOMM and "model_params.${monkeyNet[0]}" to Monkey-Net; wanted one of the two systems.`,
    );
  }
  if (fomm.length > 0) return "fomm";
  if (monkeyNet.length > 0) return "monkey-net";
  throw modelError(
    file,
    `"model_params" must have "${marks.fomm[0]}" (FOMM) or "${marks["monkey-net"][0]}" (Monkey-Net), got neither. ` +
      "It may be the configuration of another system.",
  );
}

function has(params: JsonObject, path: string): boolean {
  let value: Json | undefined = params;
  for (const key of path.split(".")) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return true;
}
