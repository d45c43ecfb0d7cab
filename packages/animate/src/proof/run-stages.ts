import { type Backend, type LoadOptions, type Session, type Tensor, tensor } from "@bunraku/backends";
import { encodeModel } from "@bunraku/backends/onnx";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import type { Family } from "@bunraku/checkpoints";
import { disposeKeypoints, type KeypointDetector, type Keypoints } from "@bunraku/keypoints";
import type { Image } from "@bunraku/warp";
import type { Architecture, ModelWeights } from "../models/architecture.ts";
import { loadArchitecture } from "../models/load-architecture.ts";
import { disposeOutputs, type FrameOutput } from "../models/model.ts";
import { NetworkModel } from "../models/network-model.ts";
import { proceduralModelWeights } from "./procedural-model-weights.ts";
import { proofModels } from "./proof-models.ts";
import { type StageNumbers, samplesOf } from "./stage-numbers.ts";

/** A proof model, with the numbers that stand for trained ones. */
interface Network {
  readonly architecture: Architecture;
  readonly weights: ModelWeights;
}

/** The source, the driver's first frame, and another. */
const pictures = ["source", "initial", "driving"] as const;
const outputs: readonly FrameOutput[] = ["flow", "masks", "occlusion", "prediction"];

/**
 * Runs the proof model of a family on a backend, stage by stage. Each stage reads stored numbers and not what the one
 * before gave, so that the stage that is wrong is the one that differs; the frame alone reads the source's features.
 */
export class StageRunner implements AsyncDisposable {
  readonly #backend: Backend;
  readonly #family: Family;
  readonly #load: LoadOptions;
  readonly #size: (typeof proofModels)[Family]["size"];
  readonly #images: readonly Image[];
  readonly #open: AsyncDisposable[] = [];
  #network: Promise<Network> | undefined;
  #source: Session | undefined;

  /** @param backend Borrowed; must outlive the runner. */
  constructor(backend: Backend, family: Family, load: LoadOptions = {}) {
    const { size } = proofModels[family];
    this.#backend = backend;
    this.#family = family;
    this.#load = load;
    this.#size = size;
    this.#images = pictures.map((_, index) => proceduralImage(size, index));
  }

  /** Points of the three pictures, and their jacobians or covariances: all of them, row-major. */
  async detector(): Promise<StageNumbers> {
    const { architecture, weights } = await this.#loadNetwork();
    const detector = this.#keep(
      await architecture.createDetector(this.#backend, weights.kp_detector, this.#size, this.#load),
    );
    const numbers: Record<string, number[]> = {};
    for (const image of this.#images) {
      const keypoints = await detector.detect(image, this.#load);
      const { points, jacobians, covariances } = keypoints;
      for (const [name, value] of Object.entries({ points, jacobians, covariances }))
        if (value) numbers[name] = [...(numbers[name] ?? []), ...value.data];
      disposeKeypoints(keypoints);
    }
    return numbers;
  }

  /** Samples of what frames share. */
  async source(): Promise<StageNumbers> {
    const source = await this.#loadSource();
    const values = await source.run({ image: this.#images[0]! }, this.#load);
    return samplesOfAll(values as Record<string, Tensor<"float32">>, 48);
  }

  /** Samples of one frame's flow, masks, occlusion and prediction, with the motion of keypoints that `detected` holds. */
  async frame(detected: StageNumbers): Promise<StageNumbers> {
    const { architecture, weights } = await this.#loadNetwork();
    const source = await this.#loadSource();
    const options = { size: this.#size, alignCorners: true };
    const graph = architecture.frameGraph(weights.generator, { ...options, withSpline: true });
    const frame = this.#keep(await this.#backend.load(encodeModel(graph), this.#load));
    const detector = this.#knowing(detected, architecture.numKeypoints);
    const sessions = { detector, source, frame };
    const model = new NetworkModel(architecture, sessions, { ...options, transfer: {}, withSpline: true });
    using encoded = await model.encode(this.#images[0]!, this.#load);
    const [, initial, driving] = this.#images;
    const rendered = await model.render(encoded, await detector.detect(driving!), await detector.detect(initial!), {
      movement: "relative",
      outputs,
      ...this.#load,
    });
    const values = outputs.flatMap((name) => (rendered[name] ? [[name, rendered[name]] as const] : []));
    const numbers = await samplesOfAll(Object.fromEntries(values), 48);
    disposeOutputs(rendered);
    return numbers;
  }

  #loadNetwork(): Promise<Network> {
    const load = async (): Promise<Network> => {
      const architecture = await loadArchitecture(this.#family, proofModels[this.#family].modelParams);
      return { architecture, weights: proceduralModelWeights(architecture) };
    };
    this.#network ??= load();
    return this.#network;
  }

  async #loadSource(): Promise<Session> {
    const { architecture, weights } = await this.#loadNetwork();
    const graph = () => encodeModel(architecture.sourceGraph(weights.generator, this.#size));
    this.#source ??= this.#keep(await this.#backend.load(graph(), this.#load));
    return this.#source;
  }

  /** A detector that knows what comes out. */
  #knowing(detected: StageNumbers, count: number): KeypointDetector {
    return {
      size: this.#size,
      detect: async (image) => keypointsOf(detected, this.#images.indexOf(image), count),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  #keep<T extends AsyncDisposable>(part: T): T {
    this.#open.push(part);
    return part;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#open.splice(0)) await part[Symbol.asyncDispose]();
  }
}

async function samplesOfAll(values: Record<string, Tensor<"float32">>, count: number): Promise<StageNumbers> {
  const numbers: Record<string, number[]> = {};
  for (const [name, value] of Object.entries(values)) {
    numbers[name] = await samplesOf(value, count);
    value[Symbol.dispose]();
  }
  return numbers;
}

/** The keypoints of one picture out of numbers for all three. */
function keypointsOf({ points, jacobians, covariances }: StageNumbers, picture: number, count: number): Keypoints {
  const part = <D extends readonly number[]>(numbers: readonly number[], dims: readonly [number, ...D]) => {
    const size = numbers.length / pictures.length;
    return tensor("float32", Float32Array.from(numbers.slice(picture * size, (picture + 1) * size)), dims);
  };
  return {
    points: part(points!, [count, 2]),
    ...(jacobians && { jacobians: part(jacobians, [count, 2, 2]) }),
    ...(covariances && { covariances: part(covariances, [count, 2, 2]) }),
  };
}
