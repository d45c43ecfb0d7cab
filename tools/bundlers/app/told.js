// For bundlers that must be told: the worker is an entry of its own, and the .wasm is copied.
import { runGraph } from "./run-graph.js";

runGraph({
  threads: 2,
  worker: () => new Worker("/worker.js", { type: "module" }),
  wasm: "/ort-wasm-simd-threaded.wasm",
});
