import { encodeModel, type Graph, type GraphValue } from "@bunraku/backends/onnx";
import type { Architecture, GraphOptions, ModelWeights } from "../models/architecture.ts";
import { expectFrameSize } from "../models/frame-rule.ts";
import { meanings } from "./meanings.ts";
import { stepsOf } from "./steps.ts";

/** One graph of an exported model: its file, and what goes in and out by name. */
export interface ExportedGraph {
  readonly file: string;
  /** When it is run. */
  readonly run: string;
  readonly inputs: readonly ExportedValue[];
  readonly outputs: readonly ExportedValue[];
}

export interface ExportedValue {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: string;
  readonly meaning: string;
}

/** `export.json`: what stands beside the graphs, for whoever runs them elsewhere. */
export interface ExportDescription {
  readonly formatVersion: 1;
  readonly family: Architecture["family"];
  readonly frameSize: readonly [height: number, width: number];
  readonly alignCorners: boolean;
  readonly opset: 17;
  readonly graphs: readonly ExportedGraph[];
  /** How keypoints of two pictures become the frame's inputs. */
  readonly steps: readonly string[];
}

/** Files of an export by name, and their description. Bytes are the caller's. */
export interface ExportedModel {
  readonly files: Readonly<Record<"detector.onnx" | "source.onnx" | "frame.onnx" | "export.json", Uint8Array>>;
  readonly description: ExportDescription;
}

/**
 * Writes a model as three plain ONNX files (opset 17, no custom operators, static shapes) for other runtimes.
 *
 * @param weights borrowed
 * @throws `MODEL` when the size does not fit
 * @example await writeFile("detector.onnx", exportModel(architecture, weights, options).files["detector.onnx"]);
 */
export function exportModel(
  architecture: Architecture,
  weights: ModelWeights,
  { size, alignCorners, withDeformed = false, withSpline = false }: GraphOptions,
): ExportedModel {
  expectFrameSize(architecture.frames, size);
  const options = { size, alignCorners, withDeformed, withSpline };
  const graphs = {
    "detector.onnx": architecture.detectorGraph(weights.kp_detector, size),
    "source.onnx": architecture.sourceGraph(weights.generator, size),
    "frame.onnx": architecture.frameGraph(weights.generator, options),
  };
  const description: ExportDescription = {
    formatVersion: 1,
    family: architecture.family,
    frameSize: [size.height, size.width],
    alignCorners,
    opset: 17,
    graphs: [
      describe("detector.onnx", "for the source, and for every driving frame", graphs["detector.onnx"], architecture),
      describe("source.onnx", "once per source", graphs["source.onnx"], architecture),
      describe("frame.onnx", "for every driving frame", graphs["frame.onnx"], architecture),
    ],
    steps: stepsOf(architecture, graphs["frame.onnx"]),
  };
  return {
    files: {
      "detector.onnx": encodeModel(graphs["detector.onnx"]),
      "source.onnx": encodeModel(graphs["source.onnx"]),
      "frame.onnx": encodeModel(graphs["frame.onnx"]),
      "export.json": new TextEncoder().encode(`${JSON.stringify(description, null, 2)}\n`),
    },
    description,
  };
}

function describe(file: string, run: string, { inputs, outputs }: Graph, { family }: Architecture): ExportedGraph {
  const value = ({ name, dims, type }: GraphValue): ExportedValue => ({
    name,
    dims: [...dims],
    type,
    meaning: meanings[name] ?? (family === "fomm" ? "features of the source" : "level of the source's encoder"),
  });
  return { file, run, inputs: inputs.map(value), outputs: outputs.map(value) };
}
