export { proceduralImage, proceduralTensor, proceduralWeights } from "@bunraku/backends/testing/procedural";
export { cpuTolerances, type GoldenRow, gpuTolerances, runGolden, type Tolerances } from "./golden.ts";
export type { GoldenField, GoldenFile, GoldenKeypoints, GoldenMode } from "./golden-file.ts";
