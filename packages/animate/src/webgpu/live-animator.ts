import { BunrakuError, SerialQueue, type Warning } from "@bunraku/backends";
import type { WebGpuBackend } from "@bunraku/backends/webgpu";
import { copyKeypoints, disposeKeypoints, type Keypoints } from "@bunraku/keypoints";
import { createOneEuroFilter, type DialOptions, type OneEuroOptions, type TransferOptions } from "@bunraku/motion";
import type { Crop, Picture, Size } from "@bunraku/warp";
import type { PixelSource } from "@bunraku/warp/webgpu";
import { disposeOutputs, type EncodedSource, type Model } from "../models/model.ts";
import { outputsOf, type RenderMode } from "../render/compose.ts";
import { prepareSource } from "../render/prepare-source.ts";
import { type CanvasContext, contextOf, expectCanvasSize, type LiveCanvas } from "./live-canvas.ts";
import type { LiveSource } from "./live-presenter.ts";
import { createLiveScreen, type LiveScreen } from "./live-screen.ts";

/** How a picture moves live. Movement itself is set by the options of `transferMotion` and `dialMotion`. */
export interface LiveOptions extends TransferOptions, DialOptions {
  /** What is drawn on, at its own size. */
  readonly canvas: LiveCanvas;
  /** As for `animate`, at the canvas's size. @default "hybrid" when the canvas is larger than the model's frames, else "generator" */
  readonly render?: RenderMode;
  /** The part of the source to animate. @default the largest centred rectangle of the model's aspect */
  readonly sourceCrop?: Crop;
  /** The part of the driving frames to follow. @default the largest centred rectangle of the model's aspect */
  readonly drivingCrop?: Crop;
  /** Colour behind transparent pixels. @default white */
  readonly background?: readonly [red: number, green: number, blue: number];
  /** Calms keypoints as they come, by the 1 € filter. @default false */
  readonly smoothing?: boolean | OneEuroOptions;
}

/** What one drawn frame was made of. Disposing it frees its keypoints. */
export interface LiveFrame extends Disposable {
  /** The source's keypoints, moved. */
  readonly keypoints: Keypoints;
  /** The driving frame's own, smoothed if that was asked for. */
  readonly driving: Keypoints;
  readonly warnings: readonly Warning[];
}

/** A picture that moves as frames come: from camera or video to canvas on one GPU. */
export interface LiveAnimator extends AsyncDisposable {
  /**
   * Draws the source as the frame moves it. Pixels stay on the GPU; the one thing that is read back is the keypoints.
   * When the device was lost meanwhile, the frame is drawn on the next one. Calls queue.
   *
   * @param frame borrowed until the promise settles
   * @param options.seconds when the frame is, for smoothing @default now
   * @returns when the frame has been handed to the GPU
   * @throws `MOTION`, `OPTION`, `SHAPE`, `BACKEND_UNAVAILABLE`; `signal.reason`
   */
  draw(frame: PixelSource, options?: { readonly signal?: AbortSignal; readonly seconds?: number }): Promise<LiveFrame>;
  /** Lets the next frame's pose stand for the source's own, as the first frame's did. */
  recalibrate(): void;
  /**
   * Draws on another canvas, from the next frame that begins on; the one before is given back. A canvas that a page
   * handed to a worker may stay empty when the browser's GPU process died, though frames are drawn: when a device was lost
   * (`backend.memory.losses` rises), give a new one.
   *
   * @param canvas of the first one's size
   * @throws `OPTION` when it is of another size or no WebGPU canvas, `DISPOSED`; frames then go where they went
   */
  showOn(canvas: LiveCanvas): void;
}

/**
 * Makes a picture move live.
 *
 * @param backend the model's, borrowed; both must outlive the animator
 * @param source borrowed during the call
 * @throws `OPTION`, `SHAPE`, `MOTION`
 * @example
 * await using live = await createLiveAnimator(backend, model, portrait, { canvas });
 * const onFrame = async () => { using _ = await live.draw(video); video.requestVideoFrameCallback(onFrame); };
 * video.requestVideoFrameCallback(onFrame);
 */
export async function createLiveAnimator(
  backend: WebGpuBackend,
  model: Model,
  source: Picture,
  options: LiveOptions,
): Promise<LiveAnimator> {
  const { canvas, sourceCrop, background } = options;
  const context = contextOf(canvas);
  const size = { width: canvas.width, height: canvas.height };
  const { image, still, mode } = prepareSource(model, source, { render: options.render, sourceCrop, background, size });
  const shown = { still, image, render: mode, size, context };
  return new Live(backend, model, await model.encode(image), options, shown);
}

/** What is drawn, how, and where. */
interface Shown extends LiveSource {
  readonly render: RenderMode;
  /** Of the canvas. */
  readonly size: Size;
  readonly context: CanvasContext;
}

class Live implements LiveAnimator {
  #backend: WebGpuBackend;
  #model: Model;
  #encoded: EncodedSource;
  #options: LiveOptions;
  #shown: Shown;
  #queue = new SerialQueue();
  #filter: ReturnType<typeof createOneEuroFilter> | undefined;
  #initial: Keypoints | undefined;
  #screen: LiveScreen | undefined;
  #disposed = false;

  constructor(backend: WebGpuBackend, model: Model, encoded: EncodedSource, options: LiveOptions, shown: Shown) {
    const { smoothing = false } = options;
    this.#backend = backend;
    this.#model = model;
    this.#encoded = encoded;
    this.#options = options;
    this.#shown = shown;
    if (smoothing !== false) this.#filter = createOneEuroFilter(smoothing === true ? {} : smoothing);
  }

  draw(
    frame: PixelSource,
    { signal, seconds = performance.now() / 1000 }: { signal?: AbortSignal; seconds?: number } = {},
  ): Promise<LiveFrame> {
    return this.#queue.add(async () => {
      if (this.#disposed)
        throw new BunrakuError("DISPOSED", "live: a frame was drawn after the animator was disposed.");
      for (let attempt = 0; ; attempt++) {
        try {
          return await this.#attempt(frame, seconds, signal);
        } catch (error) {
          // The frame's image was on the device that is gone. The backend has the next one by now.
          if (!BunrakuError.is(error, "DEVICE_LOST") || attempt > 0) throw error;
        }
      }
    }, signal);
  }

  recalibrate(): void {
    if (this.#initial) disposeKeypoints(this.#initial);
    this.#initial = undefined;
  }

  showOn(canvas: LiveCanvas): void {
    if (this.#disposed) throw new BunrakuError("DISPOSED", "live: a canvas was given after the animator was disposed.");
    expectCanvasSize(canvas, this.#shown.size);
    this.#shown = { ...this.#shown, context: contextOf(canvas) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#queue.idle();
    this.recalibrate();
    this.#screen?.[Symbol.dispose]();
    this.#encoded[Symbol.dispose]();
  }

  async #attempt(frame: PixelSource, seconds: number, signal: AbortSignal | undefined): Promise<LiveFrame> {
    const abort = signal ? { signal } : {};
    const screen = this.#screenFor(frame);
    using image = screen.read(frame);
    let driving = await this.#model.detect(image, abort);
    if (this.#filter) {
      const calmed = this.#filter.filter(driving, seconds);
      disposeKeypoints(driving);
      driving = calmed;
    }
    try {
      this.#initial ??= copyKeypoints(driving);
      const asked = {
        singular: "translate",
        ...movesOf(this.#options),
        ...abort,
        outputs: outputsOf[this.#shown.render],
        keep: true,
      } as const;
      const rendered = await this.#model.render(this.#encoded, driving, this.#initial, asked);
      const { keypoints, warnings } = rendered;
      try {
        await screen.present(rendered);
      } catch (error) {
        disposeKeypoints(keypoints); // nobody gets to own them
        throw error;
      } finally {
        disposeOutputs(rendered);
      }
      const free = () => {
        disposeKeypoints(keypoints);
        disposeKeypoints(driving);
      };
      return { keypoints, driving, warnings, [Symbol.dispose]: free };
    } catch (error) {
      disposeKeypoints(driving); // nobody gets to own them
      throw error;
    }
  }

  /** Of the device and the canvas that are there now, for frames of this size. */
  #screenFor(frame: PixelSource): LiveScreen {
    const device = this.#backend.gpu;
    const { context, render } = this.#shown;
    if (!this.#screen?.fits(device, context, frame)) {
      this.#screen?.[Symbol.dispose]();
      this.#screen = undefined; // the next may be refused
      this.#screen = createLiveScreen(device, context, frame, this.#model, this.#shown, render, this.#options);
    }
    return this.#screen;
  }
}

/** Options of movement, without those of pixels. */
function movesOf({
  canvas: _canvas,
  render: _render,
  sourceCrop: _sourceCrop,
  drivingCrop: _drivingCrop,
  background: _background,
  smoothing: _smoothing,
  ...moves
}: LiveOptions): TransferOptions & DialOptions {
  return moves;
}
