import type { InferenceSession } from "onnxruntime-common";
import type { DataOf, DType } from "../contract/tensor.ts";

/** What is used of a runtime: onnxruntime-node and onnxruntime-web look alike. */
export type Ort = Pick<typeof import("onnxruntime-common"), "InferenceSession" | "Tensor" | "env">;

/** A tensor on its way to or from the thread that runs it. */
export interface WireTensor {
  name: string;
  type: DType;
  dims: number[];
  data: DataOf[DType];
}

export interface WireValue {
  name: string;
  type: string;
  dims: (number | string)[];
}

export interface SessionInfo {
  key: number;
  inputs: WireValue[];
  outputs: WireValue[];
}

export type Request = { id: number } & (
  | { type: "start"; settings: unknown }
  | { type: "load"; model: Uint8Array; options: InferenceSession.SessionOptions }
  | { type: "run"; key: number; feeds: WireTensor[]; outputs: string[] }
  | { type: "unload"; key: number }
);

/** An error on its way; `ours` when it is a BunrakuError, whose words need no others around them. */
export interface WireError {
  message: string;
  code?: string;
  ours: boolean;
}

export type Reply = { id: number } & ({ result: unknown; error?: undefined } | { error: WireError });

/** What runs sessions, wherever it is. */
export interface Host {
  /** @param givenAway whether the model's bytes may be moved */
  load(model: Uint8Array, options: InferenceSession.SessionOptions, givenAway?: boolean): Promise<SessionInfo>;
  run(key: number, feeds: WireTensor[], outputs: string[]): Promise<WireTensor[]>;
  unload(key: number): Promise<void>;
  stop(): Promise<void>;
}

/** A host that has started, and what its runtime told about itself. */
export interface Started<Info> {
  host: Host;
  info: Info;
}
