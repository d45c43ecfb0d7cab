// For bundlers that find the worker and the .wasm by themselves.
import { runGraph } from "./run-graph.js";

runGraph({ threads: 2 });
