/// <reference path="./gifenc-types.d.ts" />
import * as gifenc from "gifenc";

// A CommonJS package: Node puts its exports into the default one, bundlers name them.
export const { GIFEncoder, quantize } = "quantize" in gifenc ? gifenc : (gifenc as { default: typeof gifenc }).default;
