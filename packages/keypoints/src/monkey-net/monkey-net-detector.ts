import { type Backend, type RunOptions, type Session, type Tensor, tensor, type Weights } from "@bunraku/backends";
import { type GraphLoadOptions, loadGraph } from "@bunraku/backends/onnx";
import type { Image, Size } from "@bunraku/warp";
import { clipCovariances } from "../covariances/clip-covariances.ts";
import type { KeypointDetector } from "../keypoint-detector.ts";
import { disposeKeypoints, expectFinite, type Keypoints } from "../keypoints.ts";
import { monkeyNetDetectorGraph } from "./detector.onnx.ts";
import type { MonkeyNetDetectorConfig } from "./detector-config.ts";

/**
 * Loads Monkey-Net's detector onto a backend.
 *
 * @param weights module `kp_detector`, borrowed during the call
 * @param size of the images it will see; each side times the scale factor must be a multiple of 2^numBlocks
 * @throws `MODEL`, `signal.reason`
 */
export async function createMonkeyNetDetector(
  backend: Backend,
  config: MonkeyNetDetectorConfig,
  weights: Weights,
  size: Size,
  options?: GraphLoadOptions,
): Promise<KeypointDetector> {
  const session = await loadGraph(backend, monkeyNetDetectorGraph(config, weights, size), options);
  return new MonkeyNetDetector(session, size, config);
}

class MonkeyNetDetector implements KeypointDetector {
  readonly size: Size;
  #session: Session;
  #config: MonkeyNetDetectorConfig;

  constructor(session: Session, size: Size, config: MonkeyNetDetectorConfig) {
    this.size = size;
    this.#session = session;
    this.#config = config;
  }

  async detect(image: Image, { signal }: Pick<RunOptions, "signal"> = {}): Promise<Keypoints> {
    const outputs = typeof this.#config.keypointVariance === "number" ? ["points"] : ["points", "covariances"];
    const values = (await this.#session.run({ image }, { outputs, ...(signal && { signal }) })) as unknown as Measured;
    try {
      expectFinite(values, "keypoint detector");
      const covariances = values.covariances && spread(values.covariances, this.#config);
      return { points: values.points, ...(covariances && { covariances }) };
    } catch (error) {
      disposeKeypoints(values); // nobody gets to own them
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

interface Measured extends Keypoints {
  readonly covariances?: Tensor<"float32", readonly [number, 2, 2]>;
}

/** The covariances as the configuration wants them: clipped, or one variance each, the mean of both axes' (spec 1M.2). */
function spread(
  covariances: Tensor<"float32", readonly [number, 2, 2]>,
  { keypointVariance, clipVariance }: MonkeyNetDetectorConfig,
): NonNullable<Keypoints["covariances"]> {
  if (keypointVariance === "matrix" && clipVariance === undefined) return covariances;
  try {
    if (keypointVariance === "matrix") return clipCovariances(covariances, clipVariance!);
    const { data, dims } = covariances;
    const means = Float32Array.from({ length: dims[0] }, (_, k) => (data[4 * k]! + data[4 * k + 3]!) / 2);
    return tensor("float32", means, [dims[0], 1, 1]);
  } finally {
    covariances[Symbol.dispose]();
  }
}
