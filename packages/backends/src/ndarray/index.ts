export { fromNdarray } from "./from-ndarray.ts";
export type { DTypeOf, NdArray, NdArrayLike, NdData } from "./nd-array-like.ts";
export { toNdarray } from "./to-ndarray.ts";
