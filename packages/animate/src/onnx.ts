export { fommFrameGraph, fommSourceGraph } from "./models/fomm/fomm-graphs.ts";
