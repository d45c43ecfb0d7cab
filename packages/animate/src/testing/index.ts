export { proceduralImage, proceduralTensor, proceduralWeights } from "@bunraku/backends/testing/procedural";
export { cpuTolerances, type GoldenRow, runGolden, type Tolerances } from "./golden.ts";
export type { GoldenField, GoldenFile, GoldenKeypoints, GoldenMode } from "./golden-file.ts";
