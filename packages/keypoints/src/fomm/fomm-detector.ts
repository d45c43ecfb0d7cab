import type { Backend, RunOptions, Session, Weights } from "@bunraku/backends";
import { type GraphLoadOptions, loadGraph } from "@bunraku/backends/onnx";
import type { Image, Size } from "@bunraku/warp";
import type { KeypointDetector } from "../keypoint-detector.ts";
import { expectFinite, type Keypoints } from "../keypoints.ts";
import { fommDetectorGraph } from "./detector.onnx.ts";
import type { FommDetectorConfig } from "./detector-config.ts";

/**
 * Loads a first-order detector onto a backend.
 *
 * @param weights module `kp_detector`, borrowed during the call
 * @param size of the images it will see; each side times the scale factor must be a multiple of 2^numBlocks
 * @throws `MODEL`, `signal.reason`
 */
export async function createFommDetector(
  backend: Backend,
  config: FommDetectorConfig,
  weights: Weights,
  size: Size,
  options?: GraphLoadOptions,
): Promise<KeypointDetector> {
  return new FommDetector(await loadGraph(backend, fommDetectorGraph(config, weights, size), options), size, config);
}

class FommDetector implements KeypointDetector {
  readonly size: Size;
  #session: Session;
  #outputs: readonly string[];

  constructor(session: Session, size: Size, { estimateJacobian }: FommDetectorConfig) {
    this.size = size;
    this.#session = session;
    this.#outputs = estimateJacobian ? ["points", "jacobians"] : ["points"];
  }

  async detect(image: Image, { signal }: Pick<RunOptions, "signal"> = {}): Promise<Keypoints> {
    const values = await this.#session.run({ image }, { outputs: this.#outputs, ...(signal && { signal }) });
    const keypoints = { points: values.points, ...(values.jacobians && { jacobians: values.jacobians }) } as Keypoints;
    try {
      expectFinite(keypoints, "keypoint detector");
    } catch (error) {
      for (const value of Object.values(values)) value[Symbol.dispose](); // nobody gets to own them
      throw error;
    }
    return keypoints;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
