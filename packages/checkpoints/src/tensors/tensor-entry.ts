import type { Tensor } from "@bunraku/backends";
import type { ElementType } from "../numbers/element-type.ts";

export interface LoadTensorOptions {
  /** Give NaN and infinity instead of refusing them: for looking into a broken file. @default false */
  readonly allowNonFinite?: boolean;
  readonly signal?: AbortSignal;
}

/** One tensor of a file: what it is, and how to get it. */
export interface TensorEntry {
  readonly name: string;
  readonly dims: readonly number[];
  /** The type in the file; `load` gives float32 whatever it is. */
  readonly dtype: ElementType;
  /**
   * Reads the elements, row-major. The caller owns the tensor. Each call reads again.
   *
   * @throws `MODEL` when the data is damaged, or not finite; `FILE`; `signal.reason`
   */
  load(options?: LoadTensorOptions): Promise<Tensor<"float32">>;
}

/** The tensors of one network, in the order in which it was saved. */
export type StateDict = readonly TensorEntry[];
