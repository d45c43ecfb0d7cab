import type { Shape } from "../contract/tensor.ts";
import type { Attribute } from "../onnx/graph.ts";

/** A value at a place in a graph where a kernel may stand. All are float32, but for constants of other types. */
export interface SiteValue {
  readonly dims: Shape;
  /** The elements of a constant of the graph. */
  readonly constant?: Float32Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;
}

/** A place in a graph where a kernel may stand: one node, or one piece (`GraphBuilder.piece`). */
export interface KernelSite {
  /** `undefined` where an optional input of a node is left out. */
  readonly inputs: readonly (SiteValue | undefined)[];
  readonly outputs: readonly SiteValue[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** What a pass binds, in the order of `@binding(0…)` of `@group(0)`. */
export type Binding =
  /** `var<storage, read>`: input of the site by its position */
  | { readonly input: number }
  /** `var<storage, read_write>`: output of the site by its position */
  | { readonly output: number }
  /** `var<storage, read_write>`: memory between passes, by its position in `scratch` */
  | { readonly scratch: number };

/** One dispatch. Sizes and factors are written into the shader: dims are static, and the compiler unrolls. */
export interface KernelPass {
  /** Entry point: `main`. */
  readonly wgsl: string;
  readonly bindings: readonly Binding[];
  readonly workgroups: readonly [x: number, y: number, z: number];
}

/** How a kernel does one site. */
export interface KernelPlan {
  readonly passes: readonly KernelPass[];
  /** Number of float32 of each piece of scratch memory. @default none */
  readonly scratch?: readonly number[];
}

/**
 * An operation in WGSL, as data: which place in a graph it can stand in for, and the shaders to run there.
 *
 * It is handed to a backend (`webgpu({ kernels })`), which proves it before use.
 */
export interface GpuKernel {
  /** The ONNX operator ("GridSample") or the kind of piece ("soft-argmax") it stands in for. */
  readonly op: string;
  /** `undefined` when this kernel cannot do this case: the runtime's own operator does it then. */
  plan(site: KernelSite): KernelPlan | undefined;
  /** Cases with stored answers: the kernel and the runtime's operators must both give them. */
  cases(): readonly KernelCase[];
}

/** A tiny graph with the operation in it, what to feed it, and stored numbers of what must come out. */
export interface KernelCase {
  readonly name: string;
  /** ONNX bytes. */
  readonly model: Uint8Array;
  readonly feeds: Readonly<Record<string, { readonly dims: Shape; readonly data: Float32Array }>>;
  readonly answers: Readonly<Record<string, { readonly dims: Shape; readonly data: Float32Array }>>;
  /** Largest absolute error. @default 1e-5 */
  readonly tolerance?: number;
}
