import {
  BunrakuError,
  type RunOptions,
  type Session,
  type Tensor,
  tensor,
  type Values,
  zeros,
} from "@bunraku/backends";
import { disposeKeypoints, type KeypointDetector, type Keypoints } from "@bunraku/keypoints";
import { type DialedMotion, type TransferOptions, transferMotion } from "@bunraku/motion";
import type { Image, Size } from "@bunraku/warp";
import type { Architecture } from "./architecture.ts";
import { dial, isDialed } from "./dial.ts";
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
  readonly parallelism?: number;
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
  readonly parallelism: number;
  #precisionsOf: Architecture["precisionsOf"];
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
    this.parallelism = options.parallelism ?? 1;
    this.#precisionsOf = architecture.precisionsOf;
    this.#sessions = sessions;
    this.#withSpline = options.withSpline;
  }

  detect(image: Image, options?: Pick<RunOptions, "signal">): Promise<Keypoints> {
    return this.#sessions.detector.detect(image, options);
  }

  async encode(image: Image, { signal }: Pick<RunOptions, "signal"> = {}): Promise<EncodedSource> {
    const keypoints = await this.detect(image, signal ? { signal } : {});
    try {
      // What a device loses is made again of this.
      const still = tensor("float32", await image.read(), image.dims);
      const features = await this.#featuresOf(image, signal);
      return new NetworkSource(this, image, keypoints, features, async () => ({
        image: still,
        features: await this.#featuresOf(still),
      }));
    } catch (error) {
      disposeKeypoints(keypoints); // nobody gets to own them
      throw error;
    }
  }

  #featuresOf(image: Image, signal?: AbortSignal): Promise<Values> {
    const { source } = this.#sessions;
    const keep = source.outputs.map(({ name }) => name);
    return source.run({ image }, { keep, ...(signal && { signal }) });
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
    const { outputs = ["prediction"], keep = false, signal, ...asked } = options;
    const available = outputs.filter((name) => frame.outputs.some((output) => output.name === name));
    if (outputs.includes("deformed") && this.hasMotion && !available.includes("deformed"))
      throw new BunrakuError("OPTION", 'render: "deformed" must be asked for when the model is loaded: withDeformed.');

    const movement = { ...this.transfer, ...asked };
    const transferred = transferMotion(source.keypoints, driving, initial, movement);
    const motion: DialedMotion = isDialed(movement) ? await dial(source.keypoints, transferred, movement) : transferred;
    if (motion.spline && this.hasMotion && !this.#withSpline) {
      const count = this.numKeypoints;
      throw new BunrakuError("UNSUPPORTED", `order: this model has ${count} keypoints, too many for "spline".`);
    }
    if (available.length === 0) return { keypoints: motion.keypoints, warnings: motion.warnings };
    const precisionsOf = this.#precisionsOf;
    const given: Record<string, () => Tensor> = {
      source: () => source.keypoints.points,
      driving: () => motion.keypoints.points,
      ...(precisionsOf && {
        sourcePrecisions: () => precisionsOf(source.keypoints),
        drivingPrecisions: () => precisionsOf(motion.keypoints),
      }),
      ...motionTerms(motion, source.keypoints),
    };
    const known = Object.fromEntries(
      frame.inputs.filter(({ name }) => name in given).map(({ name }) => [name, given[name]!()]),
    );
    const running = { outputs: available, ...(keep && { keep: available }), ...(signal && { signal }) };
    const values = await source.use((parts) => {
      const feeds = { ...parts, ...known };
      return frame.run(Object.fromEntries(frame.inputs.map(({ name }) => [name, feeds[name]!])), running);
    });
    return { keypoints: motion.keypoints, warnings: motion.warnings, ...values } as RenderedFrame;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.#sessions).map((part) => part[Symbol.asyncDispose]()));
  }
}

/** What frames read of a source: its picture, and what the source graph gave, by name. */
interface SourceParts {
  readonly image: Image;
  readonly features: Values;
}

class NetworkSource implements EncodedSource {
  readonly image: Image;
  readonly keypoints: Keypoints;
  /** Features fit the model that made them, and no other. */
  readonly model: Model;
  #parts: SourceParts;
  #remake: () => Promise<SourceParts>;
  #remaking: Promise<void> | undefined;
  #disposed = false;

  constructor(model: Model, image: Image, keypoints: Keypoints, features: Values, remake: () => Promise<SourceParts>) {
    this.model = model;
    this.image = image;
    this.keypoints = keypoints;
    this.#parts = { image, features };
    this.#remake = remake;
  }

  /** Runs something on image and features, by name; once more, on new ones, when they were lost with their device. */
  async use<T>(run: (parts: Values) => Promise<T>): Promise<T> {
    const parts = this.#parts;
    try {
      return await run({ ...parts.features, image: parts.image });
    } catch (error) {
      if (!BunrakuError.is(error, "DEVICE_LOST") || this.#disposed) throw error;
      // Frames that run side by side lose them together, and make them again once.
      if (parts === this.#parts) this.#remaking ??= this.#restore();
      await this.#remaking;
      return run({ ...this.#parts.features, image: this.#parts.image });
    }
  }

  async #restore(): Promise<void> {
    try {
      const parts = await this.#remake();
      free(this.#disposed ? parts.features : this.#parts.features);
      if (!this.#disposed) this.#parts = parts;
    } finally {
      this.#remaking = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    disposeKeypoints(this.keypoints);
    free(this.#parts.features);
  }
}

function free(values: Values): void {
  for (const value of Object.values(values)) value[Symbol.dispose]();
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
