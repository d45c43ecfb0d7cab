export { type FommConfig, parseFommConfig } from "./models/fomm/fomm-config.ts";
export { fommFrameGraph, fommSourceGraph } from "./models/fomm/fomm-graphs.ts";
export { type MonkeyNetConfig, parseMonkeyNetConfig } from "./models/monkey-net/monkey-net-config.ts";
export {
  type MonkeyNetFrameOptions,
  monkeyNetFrameGraph,
  monkeyNetSourceGraph,
} from "./models/monkey-net/monkey-net-graphs.ts";
