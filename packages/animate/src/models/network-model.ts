import { BunrakuError, type RunOptions, type Session, type Tensor, tensor, zeros } from "@bunraku/backends";
import { disposeKeypoints, type KeypointDetector, type Keypoints, precisionsOf } from "@bunraku/keypoints";
import { type DialedMotion, dialMotion, type TransferOptions, transferMotion } from "@bunraku/motion";
import type { Image, Size } from "@bunraku/warp";
import type { Architecture } from "./architecture.ts";
import type { EncodedSource, Model, RenderedFrame, RenderOptions } from "./model.ts";

interface Sessions {
  readonly detector: KeypointDetector;
  readonly source: Session;
  readonly frame: Session;
}

interface NetworkOptions {
  readonly size: Size;
  readonly alignCorners: boolean;
  readonly transfer: TransferOptions;
  readonly withSpline: boolean;
}

/** A model of either system, on three sessions: the frame's inputs are found by their names. */
export class NetworkModel implements Model {
  readonly family: Architecture["family"];
  readonly size: Size;
  readonly alignCorners: boolean;
  readonly hasMotion: boolean;
  readonly numKeypoints: number;
  readonly hasJacobians: boolean;
  readonly transfer: TransferOptions;
  #fixedVariance: number | undefined;
  #sessions: Sessions;
  #withSpline: boolean;

  constructor(architecture: Architecture, sessions: Sessions, options: NetworkOptions) {
    this.family = architecture.family;
    this.size = options.size;
    this.alignCorners = options.alignCorners;
    this.hasMotion = architecture.hasMotion;
    this.numKeypoints = architecture.numKeypoints;
    this.hasJacobians = architecture.hasJacobians;
    this.transfer = options.transfer;
    const { keypointVariance } = architecture;
    this.#fixedVariance = typeof keypointVariance === "number" ? keypointVariance : undefined;
    this.#sessions = sessions;
    this.#withSpline = options.withSpline;
  }

  detect(image: Image, options?: Pick<RunOptions, "signal">): Promise<Keypoints> {
    return this.#sessions.detector.detect(image, options);
  }

  async encode(image: Image, { signal }: Pick<RunOptions, "signal"> = {}): Promise<EncodedSource> {
    const keypoints = await this.detect(image, signal ? { signal } : {});
    const { source } = this.#sessions;
    const keep = source.outputs.map(({ name }) => name);
    try {
      const features = await source.run({ image }, { keep, ...(signal && { signal }) });
      return new NetworkSource(this, image, keypoints, features);
    } catch (error) {
      disposeKeypoints(keypoints); // nobody gets to own them
      throw error;
    }
  }

  async render(
    source: EncodedSource,
    driving: Keypoints,
    initial: Keypoints,
    options: RenderOptions = {},
  ): Promise<RenderedFrame> {
    if (!(source instanceof NetworkSource) || source.model !== this)
      throw new BunrakuError("OPTION", "render: the source must come from this model's encode().");
    const { frame } = this.#sessions;
    const { outputs = ["prediction"], signal, ...asked } = options;
    const available = outputs.filter((name) => frame.outputs.some((output) => output.name === name));
    if (outputs.includes("deformed") && this.hasMotion && !available.includes("deformed"))
      throw new BunrakuError("OPTION", 'render: "deformed" must be asked for when the model is loaded: withDeformed.');

    const movement = { ...this.transfer, ...asked };
    const transferred = transferMotion(source.keypoints, driving, initial, movement);
    const motion = dialMotion(source.keypoints, transferred, movement);
    if (motion.spline && this.hasMotion && !this.#withSpline) {
      const count = this.numKeypoints;
      throw new BunrakuError("UNSUPPORTED", `order: this model has ${count} keypoints, too many for "spline".`);
    }
    if (available.length === 0) return { keypoints: motion.keypoints, warnings: motion.warnings };
    const given: Record<string, () => Tensor> = {
      ...Object.fromEntries(Object.entries(source.features).map(([name, value]) => [name, () => value])),
      image: () => source.image,
      source: () => source.keypoints.points,
      driving: () => motion.keypoints.points,
      sourcePrecisions: () => precisionsOf(source.keypoints, this.#fixedVariance),
      drivingPrecisions: () => precisionsOf(motion.keypoints, this.#fixedVariance),
      ...motionTerms(motion, source.keypoints),
    };
    const feeds = Object.fromEntries(frame.inputs.map(({ name }) => [name, given[name]!()]));
    const values = await frame.run(feeds, { outputs: available, ...(signal && { signal }) });
    return { keypoints: motion.keypoints, warnings: motion.warnings, ...values } as RenderedFrame;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.#sessions).map((part) => part[Symbol.asyncDispose]()));
  }
}

class NetworkSource implements EncodedSource {
  readonly image: Image;
  readonly keypoints: Keypoints;
  /** What the source graph gave, by name. */
  readonly features: Readonly<Record<string, Tensor>>;
  /** Features fit the model that made them, and no other. */
  readonly model: Model;

  constructor(model: Model, image: Image, keypoints: Keypoints, features: Readonly<Record<string, Tensor>>) {
    this.model = model;
    this.image = image;
    this.keypoints = keypoints;
    this.features = features;
  }

  [Symbol.dispose](): void {
    disposeKeypoints(this.keypoints);
    for (const feature of Object.values(this.features)) feature[Symbol.dispose]();
  }
}

/** What the frame graph reads around keypoints, of whatever order they are: without a spline it bends by zero. */
function motionTerms(
  { jacobians, anchors, spline }: DialedMotion,
  { points }: Keypoints,
): Record<string, () => Tensor> {
  const [count] = points.dims;
  const identities = () => Float32Array.from({ length: 4 * count }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
  return {
    jacobians: () => jacobians ?? tensor("float32", identities(), [count, 2, 2]),
    anchors: () => anchors ?? points,
    spline: () => spline ?? zeros([count, count, 2]),
  };
}
