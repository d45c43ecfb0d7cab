export { fommFrameGraph, fommSourceGraph } from "./models/fomm/fomm-graphs.ts";
export {
  type MonkeyNetFrameOptions,
  monkeyNetFrameGraph,
  monkeyNetSourceGraph,
} from "./models/monkey-net/monkey-net-graphs.ts";
