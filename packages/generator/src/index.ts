export { type BlendOptions, blendWeights } from "./blend/blend-weights.ts";
export { type FommGeneratorConfig, fommGeneratorSpecs } from "./fomm/generator-config.ts";
export { type MonkeyNetGeneratorConfig, monkeyNetGeneratorSpecs } from "./monkey-net/generator-config.ts";
export { occlude } from "./occlude/occlude.ts";
