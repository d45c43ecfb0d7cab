export { gridSampleOperator } from "./grid-sample/grid-sample.reference.ts";
