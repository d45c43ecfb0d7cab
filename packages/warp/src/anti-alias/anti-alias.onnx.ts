import { tensor } from "@bunraku/backends";
import type { GraphBuilder, Value } from "@bunraku/backends/onnx";
import { antiAliasStride, antiAliasTaps } from "./anti-alias.ts";

/**
 * `antiAliasDown` as a piece of a graph: a strided depthwise convolution.
 *
 * The kernel is made here, not read from a checkpoint's `down.weight`: it is a function of the scale (spec 7.16).
 */
export function antiAliasDownOnnx(g: GraphBuilder, image: Value, scale: number): Value {
  if (scale === 1) return image;
  const [batch, channels, height, width] = image.dims as [number, number, number, number];
  const stride = antiAliasStride(scale);
  const taps = antiAliasTaps(scale);
  const size = taps.length;
  const kernel = new Float32Array(channels * size * size);
  for (let i = 0; i < kernel.length; i++) kernel[i] = taps[Math.floor(i / size) % size]! * taps[i % size]!;
  const half = (size - 1) / 2;
  const weight = g.constant(tensor("float32", kernel, [channels, 1, size, size]), "anti_alias.weight");
  return g.node("Conv", [image, weight], [batch, channels, Math.ceil(height / stride), Math.ceil(width / stride)], {
    kernel_shape: [size, size],
    pads: [half, half, half, half],
    strides: [stride, stride],
    group: channels,
  });
}
