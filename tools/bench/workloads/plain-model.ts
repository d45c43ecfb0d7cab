import type { EncodedSource, Model, RenderedFrame, RenderOptions } from "@bunraku/animate";
import type { Backend, RunOptions, Session, Values } from "@bunraku/backends";
import { encodeModel } from "@bunraku/backends/onnx";
import { disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import { dialMotion, transferMotion } from "@bunraku/motion";
import type { Image } from "@bunraku/warp";
import type { System } from "./systems.ts";

interface Sessions {
  readonly detector: Session;
  readonly source: Session;
  readonly frame: Session;
}

/**
 * A first-order model as upstream computes its frames: the whole generator, its encoder too, for every frame, on graphs as
 * the architecture writes them. No pass sees them: their bytes go to the backend as they are.
 */
export class PlainModel implements Model {
  readonly family = "fomm";
  readonly transfer = {};
  readonly size: Model["size"];
  readonly alignCorners: boolean;
  readonly hasMotion: boolean;
  readonly numKeypoints: number;
  readonly hasJacobians: boolean;
  readonly #sessions: Sessions;

  private constructor({ architecture, size, alignCorners }: System, sessions: Sessions) {
    this.size = size;
    this.alignCorners = alignCorners;
    this.hasMotion = architecture.hasMotion;
    this.numKeypoints = architecture.numKeypoints;
    this.hasJacobians = architecture.hasJacobians;
    this.#sessions = sessions;
  }

  /** @returns Owned by the caller; the backend is borrowed. */
  static async load(backend: Backend, system: System): Promise<PlainModel> {
    const { architecture, weights, size, alignCorners } = system;
    const load = (graph: ReturnType<typeof architecture.detectorGraph>) => backend.load(encodeModel(graph));
    return new PlainModel(system, {
      detector: await load(architecture.detectorGraph(weights.kp_detector, size)),
      source: await load(architecture.sourceGraph(weights.generator, size)),
      frame: await load(architecture.frameGraph(weights.generator, { size, alignCorners })),
    });
  }

  async detect(image: Image, { signal }: Pick<RunOptions, "signal"> = {}): Promise<Keypoints> {
    const outputs = this.hasJacobians ? ["points", "jacobians"] : ["points"];
    const values = await this.#sessions.detector.run({ image }, { outputs, ...(signal && { signal }) });
    return values as unknown as Keypoints;
  }

  /** Nothing is kept of a source but its keypoints. */
  async encode(image: Image, options?: Pick<RunOptions, "signal">): Promise<EncodedSource> {
    const keypoints = await this.detect(image, options);
    return { image, keypoints, [Symbol.dispose]: () => disposeKeypoints(keypoints) };
  }

  async render(
    source: EncodedSource,
    driving: Keypoints,
    initial: Keypoints,
    { outputs = ["prediction"], signal, ...movement }: RenderOptions = {},
  ): Promise<RenderedFrame> {
    const { source: encoder, frame } = this.#sessions;
    const abort = signal ? { signal } : {};
    const transferred = transferMotion(source.keypoints, driving, initial, movement);
    const { keypoints, jacobians, warnings } = dialMotion(source.keypoints, transferred, movement);
    const features = await encoder.run({ image: source.image }, abort);
    const feeds: Values = {
      ...features,
      source: source.keypoints.points,
      driving: keypoints.points,
      ...(jacobians && { jacobians }),
    };
    const known = Object.fromEntries(frame.inputs.map(({ name }) => [name, feeds[name]!]));
    const values = await frame.run(known, { outputs, ...abort });
    for (const value of Object.values(features)) value[Symbol.dispose]();
    return { keypoints, warnings, ...values } as RenderedFrame;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of Object.values(this.#sessions)) await session[Symbol.asyncDispose]();
  }
}
