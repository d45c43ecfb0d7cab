import type { Warning } from "./error.ts";
import type { BackendReport } from "./report.ts";
import type { DType, GlobalType, Tensor } from "./tensor.ts";

/** Named tensors: the inputs or outputs of a run. */
export type Values = Readonly<Record<string, Tensor>>;

/** Where one input or output of a graph stands. */
export interface ValueInfo {
  readonly name: string;
  readonly type: DType;
  readonly dims: readonly number[];
}

/** How far loading is. */
export interface Progress {
  readonly phase: "download" | "compile" | "warm-up";
  /** Bytes, or steps; of `total` where that is known. */
  readonly loaded: number;
  readonly total?: number;
}

/** How a graph is loaded. */
export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * The model's bytes are the backend's from now on: it may move them to another thread instead of copying them, and they
   * are not to be read again. @default false
   */
  readonly givenAway?: boolean;
}

/** How a graph is run. */
export interface RunOptions {
  /** Checked before the run; a run that has begun finishes, its result is freed, and the call rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Which outputs to compute. @default all */
  readonly outputs?: readonly string[];
  /**
   * Outputs that may stay on the device, for feeding them to later runs. All others come back on the CPU, their `data`
   * readable at once. Backends whose tensors live on the CPU need not look at it. @default none
   */
  readonly keep?: readonly string[];
}

/**
 * A graph that is ready to run.
 *
 * Borrows `feeds`; the caller owns what comes back. Runs on one backend begin in call order, and queue: they overlap
 * only where its `parallelism` says so.
 */
export interface Session extends AsyncDisposable {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** @throws `SHAPE` when a feed is missing, unknown or of the wrong type or dims; `DISPOSED`; `signal.reason`. */
  run(feeds: Values, options?: RunOptions): Promise<Values>;
}

/**
 * Where graphs run: a connector to one runtime on one device.
 *
 * Nothing is registered and nothing is global: a backend is a value that is passed. Disposing it disposes its sessions.
 * `testBackend()` of `@bunraku/backends/testing` says when an implementation is right.
 */
export interface Backend extends AsyncDisposable {
  /** Version of this contract. */
  readonly contract: 1;
  /** For people: "ort-node", "reference". */
  readonly name: string;
  /** The device its GPU tensors live on, so that own kernels can share them. Absent when tensors live on the CPU. */
  readonly gpu?: GlobalType<"GPUDevice">;
  /** What a user should hear about this backend, so far. */
  readonly warnings: readonly Warning[];
  /** What it is and what it has proved. A backend without one has proved nothing. */
  readonly report?: BackendReport;
  /** Runs that go on at once. @default 1 */
  readonly parallelism?: number;
  /** Compiles an ONNX model (opset 17; its bytes are borrowed, unless they are `givenAway`). @throws `MODEL`, `DISPOSED`, `signal.reason` */
  load(model: Uint8Array, options?: LoadOptions): Promise<Session>;
}

/** Named weights of a network, as a checkpoint holds them. */
export type Weights = ReadonlyMap<string, Tensor<"float32">>;
