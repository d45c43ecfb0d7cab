import { BunrakuError, type Tensor } from "@bunraku/backends";
import type { Operator } from "@bunraku/backends/reference";
import { gridSample } from "./grid-sample.ts";

/**
 * ONNX's GridSample for the reference backend: the definition, handed in.
 *
 * @example await reference({ operators: [gridSampleOperator] })
 */
export const gridSampleOperator: Operator = {
  op: "GridSample",
  run([image, grid], attributes) {
    const { mode = "bilinear", padding_mode: padding = "zeros", align_corners: alignCorners = 0 } = attributes;
    if (mode !== "bilinear" || (padding !== "zeros" && padding !== "border" && padding !== "reflection")) {
      throw new BunrakuError(
        "UNSUPPORTED",
        `GridSample: expected bilinear with zeros, border or reflection, got ${String(mode)} with ${String(padding)}.`,
      );
    }
    return [
      gridSample(image as Tensor<"float32">, grid as Tensor<"float32">, { padding, alignCorners: alignCorners === 1 }),
    ];
  },
};
