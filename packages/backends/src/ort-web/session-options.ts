import type { InferenceSession } from "onnxruntime-common";

export const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ["wasm"],
  graphOptimizationLevel: "all",
  logSeverityLevel: 3, // errors only
};
