import { type Backend, BunrakuError } from "@bunraku/backends";
import { type Graph, layerKey, quantizedLayers, type Rewrite } from "@bunraku/backends/onnx";
import { bytesSource, readSafetensors } from "@bunraku/checkpoints";
import type { Image } from "@bunraku/warp";
import { bundleOf, type ModelBundle } from "../bundle/model-bundle.ts";
import { moduleOf } from "../bundle/module-of.ts";
import type { ModelWeights } from "../models/architecture.ts";
import { computesOnProcessor } from "../models/computes-on-processor.ts";
import { createModel } from "../models/create-model.ts";
import { loadArchitecture } from "../models/load-architecture.ts";
import { type CalibrationClip, type CalibrationFrame, pairFrames } from "./calibration-frames.ts";
import { chooseLayers, type KeptLayer, type Layer, withLayers } from "./choose-layers.ts";
import { compareFrames, type MadeFrame, type ModelDifference, makeFrames, medianTime } from "./compare-models.ts";
import { decodeQuantized } from "./decode-quantized.ts";
import { encodeQuantized } from "./encode-quantized.ts";
import { measureRanges } from "./measure-ranges.ts";
import { type Quantization, quantizing } from "./quantization.ts";
import { recordFeeds } from "./record-feeds.ts";

/** What quantising is doing: steps of `total`. */
export interface QuantizeProgress {
  readonly phase: "float32" | "ranges" | "layers" | "measuring";
  readonly done: number;
  readonly total: number;
}

export interface QuantizeModelOptions {
  /** Pictures to move, `[1, 3, H, W]`. @default the first frames of the clips */
  readonly sources?: readonly Image[];
  /** How near to float32 the model stays, in decibels, on the frames it is calibrated with. @default 42 */
  readonly targetPsnr?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: QuantizeProgress) => void;
}

/** An int8 variant of a model, and how good it is. */
export interface QuantizedModel {
  /** The file, as `openBundle` reads it from a bundle. */
  readonly bytes: Uint8Array;
  /** What it says of how the model computes, for `quantizing`. */
  readonly quantization: Quantization;
  /** Layers that compute in integers. */
  readonly integers: readonly Layer[];
  /** Layers that stay in float32, the worst first. Heads that the target asks for are among them. */
  readonly kept: readonly KeptLayer[];
  /** Whether ranges are cut off where finer steps win more than clipping loses. */
  readonly clipped: boolean;
  /** Against float32, on frames that were not calibrated with. */
  readonly difference: ModelDifference;
  readonly frames: { readonly used: number; readonly heldOut: number };
  /** For detector and frame, the median: of a machine that may have done other things meanwhile. */
  readonly milliseconds: { readonly float32: number; readonly int8: number };
}

/** Outputs that tell which graph computes them: detector and frame. The source is encoded once, in float32. */
const telling = ["points", "prediction"] as const;

/** While layers are tried out, so many frames are compared. */
const triedFrames = 4;

/**
 * Quantises a model after its training: detector and frame compute in 8-bit integers, but for the layers that cost the
 * most, by ranges of activations measured while it renders what users give it.
 *
 * @param backend one that computes in integers, ort-node or ort-web; borrowed
 * @param clips frames at the model's size; every fourth is not calibrated with, but measured on
 * @throws `OPTION` for a backend without integers, or fewer than 4 frames; `MODEL`, `MOTION`, `signal.reason`
 */
export async function quantizeModel(
  backend: Backend,
  bundle: ModelBundle,
  clips: readonly CalibrationClip[],
  { sources, targetPsnr = 42, signal, onProgress = () => undefined }: QuantizeModelOptions = {},
): Promise<QuantizedModel> {
  if (!computesOnProcessor(backend))
    throw new BunrakuError("OPTION", `quantizeModel: ${backend.name} does not compute in integers. Use ort-node.`);
  const { used, heldOut } = pairFrames(clips, sources);
  if (heldOut.length === 0)
    throw new BunrakuError(
      "OPTION",
      `quantizeModel: expected at least 4 frames, got ${used.length}. Give longer clips.`,
    );
  const waiting = signal ? { signal } : {};
  const { manifest } = bundle;
  const [height, width] = manifest.frameSize;
  const size = { height, width };
  const architecture = await loadArchitecture(manifest.family, manifest.modelParams);
  const weights = await bundle.loadWeights(waiting);
  const load = (on: Backend, of: ModelWeights, rewrite: Rewrite) =>
    createModel(on, architecture, of, {
      size,
      alignCorners: manifest.alignCorners,
      ...(manifest.transfer && { transfer: manifest.transfer }),
      rewrite,
      ...waiting,
    });
  const make = async (rewrite: Rewrite, frames: readonly CalibrationFrame[], of = weights) => {
    await using model = await load(backend, of, rewrite);
    return await makeFrames(model, frames, waiting);
  };

  const graphs = new Map<string, Graph>();
  const recorder = recordFeeds(backend, telling);
  const wanted: MadeFrame[] = [];
  let total = used.length + heldOut.length;
  let done = 0;
  const onFrame = () => onProgress({ phase: "float32", done: ++done, total });
  let exact: MadeFrame[];
  let feeds: typeof recorder.feeds;
  {
    const remember: Rewrite = (graph) => {
      for (const output of telling) if (graph.outputs.some(({ name }) => name === output)) graphs.set(output, graph);
      return graph;
    };
    await using model = await load(recorder.backend, weights, remember);
    wanted.push(...(await makeFrames(model, used, { ...waiting, onFrame })));
    feeds = new Map([...recorder.feeds].map(([output, all]) => [output, [...all]]));
    exact = await makeFrames(model, heldOut, { ...waiting, onFrame });
  }

  total = [...feeds.values()].reduce((sum, all) => sum + all.length, 0);
  done = 0;
  const [whole, clipped]: [Record<string, Quantization[string]>, Record<string, Quantization[string]>] = [{}, {}];
  const layers: Layer[] = [];
  for (const [output, graph] of graphs) {
    const onRun = () => onProgress({ phase: "ranges", done: ++done, total });
    const ranges = await measureRanges(backend, graph, feeds.get(output)!, { ...waiting, onRun });
    whole[graph.name] = { ranges: ranges.whole, keep: [] };
    clipped[graph.name] = { ranges: ranges.clipped, keep: [] };
    const all = quantizedLayers(graph, { ranges: new Map(Object.entries(ranges.whole)) });
    layers.push(...all.map((layer) => ({ graph: graph.name, layer })));
  }

  const step = Math.max(1, Math.floor(used.length / triedFrames));
  const tried = used.map((frame, i) => ({ frame, wanted: wanted[i]! })).filter((_, i) => i % step === 0);
  const measure = async (quantization: Quantization): Promise<ModelDifference> => {
    const frames = tried.map(({ frame }) => frame);
    const made = await make(quantizing(quantization), frames);
    return compareFrames(
      made,
      tried.map(({ wanted }) => wanted),
      size,
    );
  };
  onProgress({ phase: "layers", done: 0, total: layers.length });
  const useClipped = (await measure(clipped)).psnr > (await measure(whole)).psnr;
  const ranges = useClipped ? clipped : whole;
  const { kept } = await chooseLayers(
    layers,
    targetPsnr,
    (integers) => measure(withLayers(ranges, layers, integers)),
    (done, total) => onProgress({ phase: "layers", done, total }),
  );
  const isKept = ({ graph, layer }: Layer) => kept.some((other) => other.graph === graph && other.layer === layer);
  const integers = layers.filter((layer) => !isKept(layer));
  const quantization = withLayers(ranges, layers, integers);

  const bytes = encodeQuantized(weights, quantization, weightsOf([...graphs.values()], integers));
  onProgress({ phase: "measuring", done: 0, total: 1 });
  const read = decodeQuantized(await readSafetensors(bytesSource(bytes, "int8 variant")), "int8 variant");
  const modules = {
    kp_detector: moduleOf(read.entries, "kp_detector"),
    generator: moduleOf(read.entries, "generator"),
  };
  const stored = await bundleOf(manifest, architecture.specs, modules, "int8 variant").loadWeights(waiting);
  const made = await make(quantizing(read.quantization), heldOut, stored);
  return {
    bytes,
    quantization: read.quantization,
    integers,
    kept,
    clipped: useClipped,
    difference: compareFrames(made, exact, size),
    frames: { used: used.length, heldOut: heldOut.length },
    milliseconds: { float32: medianTime(exact), int8: medianTime(made) },
  };
}

/** The arrays of the weights of these layers, as the architecture took them from the checkpoint. */
function weightsOf(graphs: readonly Graph[], layers: readonly Layer[]): ReadonlySet<unknown> {
  const wanted = new Set(layers.map(({ graph, layer }) => `${graph} ${layer}`));
  return new Set(
    graphs.flatMap((graph) => {
      const names = new Set(
        graph.nodes
          .filter((node) => node.op === "Conv" && wanted.has(`${graph.name} ${layerKey(node)}`))
          .map(({ inputs }) => inputs[1]!),
      );
      return graph.initializers.filter(({ name }) => names.has(name)).map(({ data }) => data);
    }),
  );
}
