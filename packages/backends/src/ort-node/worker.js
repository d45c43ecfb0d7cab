// onnxruntime-node's run() blocks its thread, so sessions live on this one and the caller's event loop stays free.
import { parentPort } from "node:worker_threads";
import { answerCalls } from "../ort/answer-calls.js";
import { startRuntime } from "./start-runtime.js";

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
port.on(
  "message",
  answerCalls(startRuntime, (reply, transfer) => port.postMessage(reply, transfer)),
);
