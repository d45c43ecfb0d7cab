import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-web";
import { temporaryFolder } from "./animate-clip.ts";

// The runtime that the command runs on.
const require = createRequire(new URL("../../../packages/cli/package.json", import.meta.url));

interface ProfiledNode {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/**
 * What onnxruntime says that each kind of operator takes, in milliseconds per run, as it runs it: after its own
 * optimisations, which fuse and replace some.
 *
 * @param model bytes of a graph; its inputs are filled with a half
 */
export async function operatorTimes(model: Uint8Array, runs: number): Promise<ReadonlyMap<string, number>> {
  const ort = require("onnxruntime-node") as typeof import("onnxruntime-web");
  await using folder = await temporaryFolder();
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    enableProfiling: true,
    profileFilePrefix: folder.file("profile"),
  });
  const feeds: Record<string, Tensor> = {};
  for (const value of session.inputMetadata as readonly InferenceSession.TensorValueMetadata[]) {
    const dims = value.shape.map(Number);
    const data = new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(0.5);
    feeds[value.name] = new ort.Tensor("float32", data, dims);
  }
  for (let i = 0; i < runs; i++) await session.run(feeds);
  session.endProfiling();
  await session.release();
  const [file] = readdirSync(folder.file("."));
  const events = JSON.parse(readFileSync(join(folder.file("."), file!), "utf8")) as readonly ProfiledNode[];
  const times = new Map<string, number>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== "Node" || !name.endsWith("_kernel_time") || !args?.op_name) continue;
    times.set(args.op_name, (times.get(args.op_name) ?? 0) + dur / 1000 / runs);
  }
  return times;
}
