import { BunrakuError } from "@bunraku/backends";
import { copyKeypoints, type Keypoints } from "@bunraku/keypoints";
import {
  buildKeypoints,
  expectLayout,
  type KeypointLayout,
  layoutOf,
  partsIn,
} from "../keypoint-layout/keypoint-layout.ts";

export interface OneEuroOptions {
  /** Cutoff at rest, in Hz: lower is calmer, and later to begin moving. @default 1 */
  readonly minCutoff?: number;
  /** How much the cutoff rises with speed, in Hz per (half picture / s): higher follows faster. @default 30 */
  readonly beta?: number;
  /** Cutoff of the speed itself, in Hz. @default 1 */
  readonly derivativeCutoff?: number;
}

/** Calms keypoints as they come, one frame at a time. */
export interface OneEuroFilter {
  /**
   * The calmed keypoints of the next frame; new tensors, owned by the caller. The first frame comes back unchanged.
   *
   * @param seconds time of the frame, above the last one's; steps may differ
   * @throws `MOTION` when keypoints are not finite, or other than the last frame's in number or parts; `OPTION`; `SHAPE`.
   * The filter is then as it was.
   */
  filter(keypoints: Keypoints, seconds: number): Keypoints;
  /** Forgets what it has seen: the next frame is a first one. For another video, or after a cut. */
  reset(): void;
}

/** What is remembered of one part: `[K * size]` each. */
interface Track {
  readonly smooth: Float64Array;
  /** The last input, as far as it was trusted. */
  readonly last: Float64Array;
  /** Low-passed derivative, per second. */
  readonly slope: Float64Array;
}

interface State {
  readonly layout: KeypointLayout;
  readonly tracks: ReadonlyMap<string, Track>;
  /** Whether each keypoint was found yet. */
  readonly seen: Uint8Array;
  /** Seconds of each keypoint that no trusted sample has accounted for. */
  readonly pending: Float64Array;
  seconds: number;
}

/**
 * The 1 € filter over keypoints: a low-pass whose cutoff rises with speed, so that rest is calm and movement is prompt.
 * A steady movement of speed v is followed 1 / (2π (minCutoff + beta v)) seconds late.
 *
 * Unlike in the paper, a keypoint has one speed for both coordinates: with a speed each, the slower one lags more and
 * bends the path. Jacobians and covariances have a speed of their own, relative to their size (a head that turns in
 * place moves no keypoint; a turn of 1 rad/s has speed 1). The speed is that of the input, not of input against output:
 * it then does not depend on the frame rate. Covariances stay symmetric and positive definite: they are averaged.
 *
 * A sample of confidence c counts as c samples: at 0 the last value is held, and the time is made up for later.
 * Confidences are handed through. State is 3 float64 per entry, whatever the length.
 *
 * @throws `OPTION`
 * @see Casiez, Roussel, Vogel: 1 € Filter, CHI 2012
 * @example
 * const smoother = createOneEuroFilter();
 * for await (const { keypoints, seconds } of camera) show(smoother.filter(keypoints, seconds));
 */
export function createOneEuroFilter({
  minCutoff = 1,
  beta = 30,
  derivativeCutoff = 1,
}: OneEuroOptions = {}): OneEuroFilter {
  expectNumber("minCutoff", minCutoff, minCutoff > 0, "above 0 (Hz)");
  expectNumber("beta", beta, beta >= 0, "of at least 0");
  expectNumber("derivativeCutoff", derivativeCutoff, derivativeCutoff > 0, "above 0 (Hz)");
  let state: State | undefined;

  return {
    filter(keypoints, seconds) {
      expectNumber("seconds", seconds, true, "of seconds");
      if (!state) {
        state = begin(keypoints, seconds);
        return copyKeypoints(keypoints);
      }
      expectLayout(keypoints, state.layout, "createOneEuroFilter keypoints");
      if (!(seconds > state.seconds)) {
        throw new BunrakuError(
          "OPTION",
          `createOneEuroFilter seconds: expected a time after the last frame's ${state.seconds}, got ${seconds}. Call reset() for another video.`,
        );
      }
      advance(state, keypoints, seconds);
      return snapshot(state, keypoints);
    },
    reset() {
      state = undefined;
    },
  };

  function advance(state: State, keypoints: Keypoints, seconds: number): void {
    const parts = partsIn(state.layout);
    const step = seconds - state.seconds;
    state.seconds = seconds;
    for (let k = 0; k < state.layout.keypoints; k++) {
      const confidence = keypoints.confidences?.data[k] ?? 1;
      const elapsed = state.pending[k]! + step;
      state.pending[k] = elapsed * (1 - confidence);
      for (const { name, size } of parts) {
        const track = state.tracks.get(name);
        if (track)
          follow(track, keypoints[name]!.data, k * size, (k + 1) * size, {
            elapsed,
            confidence,
            name,
            first: !state.seen[k],
          });
      }
      if (!state.seen[k]) state.pending[k] = 0;
      if (confidence > 0) state.seen[k] = 1;
    }
  }

  function follow(
    { smooth, last, slope }: Track,
    input: Float32Array,
    from: number,
    to: number,
    { elapsed, confidence, name, first }: { elapsed: number; confidence: number; name: string; first: boolean },
  ): void {
    if (first) {
      for (let i = from; i < to; i++) smooth[i] = last[i] = input[i]!;
      return;
    }
    const trustInSlope = trust(derivativeCutoff, elapsed, confidence);
    let [speed, extent] = [0, 0];
    for (let i = from; i < to; i++) {
      slope[i]! += trustInSlope * ((input[i]! - last[i]!) / elapsed - slope[i]!);
      last[i]! += confidence * (input[i]! - last[i]!);
      speed += slope[i]! ** 2;
      extent += smooth[i]! ** 2;
    }
    if (name !== "points") speed = extent > 0 ? speed / extent : 0;
    const trustInSample = trust(minCutoff + beta * Math.sqrt(speed), elapsed, confidence);
    for (let i = from; i < to; i++) smooth[i]! += trustInSample * (input[i]! - smooth[i]!);
  }
}

/** How far a low-pass of this cutoff goes towards a sample; one of confidence ½ counts half: two of them make one. */
function trust(cutoff: number, elapsed: number, confidence: number): number {
  const ratio = 2 * Math.PI * cutoff * elapsed;
  return 1 - (1 - ratio / (1 + ratio)) ** confidence;
}

function begin(keypoints: Keypoints, seconds: number): State {
  const layout = layoutOf(keypoints, "createOneEuroFilter keypoints");
  const tracks = new Map<string, Track>();
  for (const { name } of partsIn(layout)) {
    if (name === "confidences") continue;
    const smooth = Float64Array.from(keypoints[name]!.data);
    tracks.set(name, { smooth, last: smooth.slice(), slope: new Float64Array(smooth.length) });
  }
  const seen = Uint8Array.from({ length: layout.keypoints }, (_, k) =>
    (keypoints.confidences?.data[k] ?? 1) > 0 ? 1 : 0,
  );
  return { layout, tracks, seen, pending: new Float64Array(layout.keypoints), seconds };
}

function snapshot({ layout, tracks }: State, keypoints: Keypoints): Keypoints {
  return buildKeypoints(layout, (name, data) => data.set(tracks.get(name)?.smooth ?? keypoints[name]!.data));
}

function expectNumber(name: string, got: number, fits: boolean, wanted: string): void {
  if (Number.isFinite(got) && fits) return;
  throw new BunrakuError("OPTION", `createOneEuroFilter ${name}: expected a number ${wanted}, got ${got}.`);
}
