export { type Checkpoint, type ReadCheckpointOptions, readCheckpoint } from "./checkpoint/read-checkpoint.ts";
export { defaultFrameShapes } from "./config/default-frame-shapes.ts";
export type { Family } from "./config/family.ts";
export { type CheckpointConfig, type Json, type JsonObject, parseConfig } from "./config/parse-config.ts";
export { type ElementType, elementBytes } from "./numbers/element-type.ts";
export {
  type OfficialConfig,
  type OfficialConfigName,
  officialConfig,
  officialConfigs,
} from "./official-configs/official-configs.ts";
export { isSafetensors } from "./safetensors/is-safetensors.ts";
export { readSafetensors, type Safetensors } from "./safetensors/read-safetensors.ts";
export { type NamedTensor, type WriteSafetensorsOptions, writeSafetensors } from "./safetensors/write-safetensors.ts";
export { type ByteSource, blobSource, bytesSource } from "./source/byte-source.ts";
export { type LoadWeightsOptions, loadWeights } from "./tensors/load-weights.ts";
export type { LoadTensorOptions, StateDict, TensorEntry } from "./tensors/tensor-entry.ts";
