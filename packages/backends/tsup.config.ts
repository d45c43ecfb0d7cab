import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

// The worker is a file of its own beside ort-node's entry: `new Worker(new URL("./worker.js", import.meta.url))` finds it.
export default defineConfig(library({ extraEntries: ["./src/ort-node/worker.js"] }));
