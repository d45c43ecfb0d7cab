import type { Json, JsonObject } from "@bunraku/checkpoints";

/** A value that tensors do not show. */
export interface AssumedValue {
  /** Where it stands in a configuration: `model_params.kp_detector_params.temperature`. */
  readonly key: string;
  readonly value: Json;
}

/** A configuration that was read off tensors. */
export interface InferredParams {
  readonly modelParams: JsonObject;
  /** What tensors do not show, with the value that most official configurations have. */
  readonly assumed: readonly AssumedValue[];
}

/** Notes what is assumed while parameters are put together. */
export class Assumptions {
  readonly list: AssumedValue[] = [];

  assume<T extends Json>(key: string, value: T): T {
    this.list.push({ key, value });
    return value;
  }
}
