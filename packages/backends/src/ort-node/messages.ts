import type { InferenceSession } from "onnxruntime-common";
import type { DataOf, DType } from "../contract/tensor.ts";

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
  | { type: "start" }
  | { type: "load"; model: Uint8Array; options: InferenceSession.SessionOptions }
  | { type: "run"; key: number; feeds: WireTensor[]; outputs: string[] }
  | { type: "unload"; key: number }
);

export type Reply = { id: number } & (
  | { result: unknown; error?: undefined }
  | { error: { message: string; code?: string } }
);

/** What runs sessions, wherever it is. */
export interface Host {
  load(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<SessionInfo>;
  run(key: number, feeds: WireTensor[], outputs: string[]): Promise<WireTensor[]>;
  unload(key: number): Promise<void>;
  stop(): Promise<void>;
}
