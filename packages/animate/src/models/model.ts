import type { RunOptions, Tensor, Warning } from "@bunraku/backends";
import type { Family } from "@bunraku/checkpoints";
import type { Keypoints } from "@bunraku/keypoints";
import type { DialOptions, TransferOptions } from "@bunraku/motion";
import type { Flow, Image, Size } from "@bunraku/warp";

/** Everything about one source picture that frames share: its keypoints and its encoded features. */
export interface EncodedSource extends Disposable {
  /** The picture it was made of: borrowed as long as frames are rendered from it, since frames read it. */
  readonly image: Image;
  /** Freed with it. */
  readonly keypoints: Keypoints;
}

/** What a frame can show of itself. */
export type FrameOutput = "prediction" | "flow" | "masks" | "occlusion" | "sparseDeformed" | "deformed";

/** One rendered frame at the model's size, with the intermediate quantities that were asked for. Owned by the caller. */
export interface RenderedFrame {
  /** The source's keypoints, moved. */
  readonly keypoints: Keypoints;
  /** `[1, 3, H, W]`, RGB in [0, 1]. */
  readonly prediction?: Image;
  readonly flow?: Flow;
  /** `[1, K + 1, h, w]`, background first. */
  readonly masks?: Tensor<"float32">;
  /** `[1, 1, h, w]`, 1 where the source shows what is needed. */
  readonly occlusion?: Tensor<"float32">;
  /** `[K + 1, 3, h, w]`: the source under each candidate motion. */
  readonly sparseDeformed?: Tensor<"float32">;
  /** `[1, 3, H, W]`: the source, warped by the flow as upstream shows it. */
  readonly deformed?: Image;
  readonly warnings: readonly Warning[];
}

/** Frees what was rendered, but for the keypoints, which are handed on. */
export function disposeOutputs({ keypoints: _, warnings: __, ...outputs }: RenderedFrame): void {
  for (const tensor of Object.values(outputs)) tensor?.[Symbol.dispose]();
}

/** How a frame is rendered; how it moves is set by the options of `transferMotion` and `dialMotion`. */
export interface RenderOptions extends TransferOptions, DialOptions, Pick<RunOptions, "signal"> {
  /** @default ["prediction"] */
  readonly outputs?: readonly FrameOutput[];
  /** Whether outputs may stay on the backend's device, for kernels and canvases there; `read()` brings them. @default false */
  readonly keep?: boolean;
}

/**
 * A loaded model: pictures in, moved pictures out, at its own frame size.
 *
 * `animate()` drives it for whole videos; these steps are for those who want to do it themselves. Arguments are
 * borrowed, results are the caller's.
 */
export interface Model extends AsyncDisposable {
  readonly family: Family;
  /** Frames it reads and makes. */
  readonly size: Size;
  readonly alignCorners: boolean;
  /** Whether frames have a flow; without one there is no warp to render. */
  readonly hasMotion: boolean;
  readonly numKeypoints: number;
  /** Whether its keypoints have jacobians, so that motion can be of first order. */
  readonly hasJacobians: boolean;
  /** How its checkpoint's own configuration moves pictures; `render`'s options go first. */
  readonly transfer: TransferOptions;
  /** Pictures it works on at once: its backend's `parallelism`. @default 1 */
  readonly parallelism?: number;
  /**
   * Keypoints of a picture, `[1, 3, H, W]`, RGB in [0, 1].
   *
   * @throws `SHAPE`, `MOTION` when they are not finite; `signal.reason`
   */
  detect(image: Image, options?: Pick<RunOptions, "signal">): Promise<Keypoints>;
  /**
   * Detects and encodes a source, once for all its frames. The picture stays borrowed: it must outlive the result.
   *
   * @throws `SHAPE`, `MOTION`; `signal.reason`
   */
  encode(source: Image, options?: Pick<RunOptions, "signal">): Promise<EncodedSource>;
  /**
   * Renders one frame: `driving` moved from `initial`, brought to the source. Outputs that the model does not have (masks
   * of a model without motion, occlusion of a Monkey-Net) are left out.
   *
   * @throws `OPTION` when the source is another model's, or `order` and `outputs` are not the model's; `MOTION` when
   * keypoints do not fit together, or jacobians or covariances cannot be inverted; `signal.reason`
   */
  render(
    source: EncodedSource,
    driving: Keypoints,
    initial: Keypoints,
    options?: RenderOptions,
  ): Promise<RenderedFrame>;
}
