/**
 * Which form of an operation ran: a kernel of ours, the runtime's own operator, the same in a graph rewritten to mean the
 * same, the same on wasm, or plain TypeScript.
 */
export type Form = "wgsl" | "ort" | "rewritten" | "wasm" | "typescript";

/** One thing that a backend was made to prove, against stored numbers. */
export interface Check {
  /** "grid sample, align_corners 1", "fomm frame" */
  readonly name: string;
  /** An operator or piece of graphs, or a whole graph of a kind. */
  readonly kind: "operator" | "piece" | "graph";
  readonly form: Form;
  readonly pass: boolean;
  /** Largest absolute difference from the stored numbers; NaN where there was no answer. */
  readonly maxAbsError: number;
  readonly tolerance: number;
  /** With loading and, on a GPU, compiling shaders. */
  readonly milliseconds: number;
  /** What went wrong, if not the numbers. */
  readonly problem?: string;
  /** Where what failed runs now. Absent: nowhere, so graphs that need it are refused. */
  readonly replacedBy?: Form;
}

/** The device behind a backend, as far as it tells. */
export interface DeviceDescription {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly description?: string;
  /** Whether it is a processor that plays the part of a GPU: right, and slow. */
  readonly software?: boolean;
  /** Optional abilities in use: "shader-f16", … */
  readonly features: readonly string[];
}

/** Why a backend was taken, or passed over. */
export interface Candidate {
  readonly name: string;
  readonly chosen: boolean;
  /** One sentence. */
  readonly reason: string;
}

/**
 * What a backend is, what it has proved about itself, and why it was chosen: data, for people and programs to look at.
 *
 * It is a live view: later checks are added to it.
 */
export interface BackendReport {
  /** "onnxruntime-web 1.30.0" */
  readonly runtime: string;
  /** Execution providers, in order of preference: "wasm", "webgpu", "cuda", "cpu". */
  readonly providers: readonly string[];
  /** Threads for one operator, as they are, not as they were asked for. */
  readonly threads?: number;
  readonly device?: DeviceDescription;
  /** What convolutions compute in. Keypoints, jacobians, heatmaps and grids are float32 always. */
  readonly precision: "float32" | "float16";
  readonly checks: readonly Check[];
  /** What `auto()` looked at. */
  readonly candidates?: readonly Candidate[];
}
