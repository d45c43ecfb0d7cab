// Holds the sessions of one backend, so that the page stays smooth: a run blocks its thread. Made to be a worker's script,
// by bundlers that find it or as an entry of its own.
import * as ort from "onnxruntime-web/wasm";
import { answerCalls } from "../ort/answer-calls.js";
import { type RuntimeSettings, startRuntime } from "./start-runtime.ts";

// In a bundle, onnxruntime starts this very file again for each further thread, and listens there itself.
if (!self.name?.startsWith("em-pthread")) {
  const answer = answerCalls(
    (settings: RuntimeSettings) => startRuntime(ort, settings),
    (reply, transfer) => self.postMessage(reply, { transfer }),
  );
  self.addEventListener("message", (event) => answer(event.data));
}
