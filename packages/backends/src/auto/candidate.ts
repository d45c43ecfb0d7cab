import type { Backend, LoadOptions } from "../contract/backend.ts";
import type { OrtNodeOptions } from "../ort-node/ort-node.ts";
import type { OrtWebOptions } from "../ort-web/ort-web.ts";
import type { Operator } from "../reference/operator.ts";
import type { GpuKernel } from "../webgpu/kernel.ts";
import type { WebGpuOptions } from "../webgpu/webgpu.ts";

/** How a backend is looked for. */
export interface AutoOptions extends LoadOptions {
  /** Names of candidates to try first, in this order. @default none */
  readonly prefer?: readonly string[];
  /** What is tried, in order. @default `nodeCandidates` in Node, `browserCandidates` elsewhere */
  readonly candidates?: readonly AutoCandidate[];
  /** Milliseconds after which a candidate that was not made, or a check that has not ended, is given up. @default 60000 */
  readonly limit?: number;
  /** Kernels for WebGPU. @default none */
  readonly kernels?: readonly GpuKernel[];
  /** What convolutions compute in on WebGPU. @default "float32" */
  readonly precision?: "float32" | "float16";
  /** Whether a processor that plays the part of a GPU will do for WebGPU: right, and slow. @default false */
  readonly software?: boolean;
  /** Operators for the reference; without GridSample it cannot run the models, and is passed over. @default none */
  readonly operators?: readonly Operator[];
  /** Further options of each. */
  readonly webgpu?: WebGpuOptions;
  readonly ortWeb?: OrtWebOptions;
  readonly ortNode?: OrtNodeOptions;
}

/** A backend that may work here. */
export interface AutoCandidate {
  readonly name: string;
  /** A quick look: why it cannot be used here, as a part of a sentence; `undefined` where it may be. */
  readonly unavailable?: (options: AutoOptions) => string | undefined | Promise<string | undefined>;
  /** @throws when it cannot be made; what is said is the reason that is told */
  readonly create: (options: AutoOptions) => Promise<Backend>;
  /** Whether `create` makes it prove its operators. @default false, so that they are proved afterwards */
  readonly proves?: boolean;
}
