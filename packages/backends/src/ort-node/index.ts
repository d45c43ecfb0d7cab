export { type OrtNodeOptions, ortNode } from "./ort-node.ts";
