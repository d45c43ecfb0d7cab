export { proceduralImage, proceduralTensor, proceduralWeights } from "@bunraku/backends/testing/procedural";
export {
  cpuTolerances,
  type GoldenField,
  type GoldenFile,
  type GoldenRow,
  runGolden,
  type Tolerances,
} from "./golden.ts";
