export {
  cpuTolerances,
  type GoldenField,
  type GoldenFile,
  type GoldenRow,
  runGolden,
  type Tolerances,
} from "./golden.ts";
export { proceduralImage, proceduralTensor, proceduralWeights } from "./procedural.ts";
