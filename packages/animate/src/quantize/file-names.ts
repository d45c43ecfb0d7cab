/** Under which an int8 file says how its model computes. */
export const quantizationKey = "bunraku.quantization";

/** What is appended to a tensor's name for its scales, one per output channel. */
export const scaleSuffix = ".scale";
