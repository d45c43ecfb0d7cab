// For tests only: the layers of spec 1.3 as plain loops over one image, to hold the graph pieces to.
import type { Weights } from "../contract/backend.ts";
import { type Tensor, zeros } from "../contract/tensor.ts";

/** `[1, C, H, W]` */
export type Maps = Tensor<"float32", readonly [1, number, number, number]>;

export function directConv(x: Maps, weights: Weights, name: string, padding: number): Maps {
  const weight = weights.get(`${name}.weight`)!;
  const bias = weights.get(`${name}.bias`)!;
  const [outputs, inputs, kernel] = weight.dims as [number, number, number, number];
  const [, , height, width] = x.dims;
  const out = zeros([1, outputs, height + 2 * padding - kernel + 1, width + 2 * padding - kernel + 1]);
  return fill(out, (o, y, x0) => {
    let sum = bias.data[o]!;
    for (let i = 0; i < inputs; i++)
      for (let v = 0; v < kernel; v++)
        for (let u = 0; u < kernel; u++)
          sum +=
            at(x, i, y + v - padding, x0 + u - padding) * weight.data[((o * inputs + i) * kernel + v) * kernel + u]!;
    return sum;
  });
}

export function directNorm(x: Maps, weights: Weights, name: string): Maps {
  const part = (leaf: string, c: number) => weights.get(`${name}.${leaf}`)!.data[c]!;
  return fill(zeros(x.dims), (c, y, column) => {
    const deviation = Math.sqrt(part("running_var", c) + 1e-5);
    return ((at(x, c, y, column) - part("running_mean", c)) / deviation) * part("weight", c) + part("bias", c);
  });
}

export function directRelu(x: Maps): Maps {
  return fill(zeros(x.dims), (c, y, column) => Math.max(0, at(x, c, y, column)));
}

export function directSame(x: Maps, weights: Weights, name: string, padding = 1): Maps {
  return directRelu(directNorm(directConv(x, weights, `${name}.conv`, padding), weights, `${name}.norm`));
}

export function directDown(x: Maps, weights: Weights, name: string): Maps {
  const same = directSame(x, weights, name);
  const [, channels, height, width] = same.dims;
  return fill(zeros([1, channels, Math.floor(height / 2), Math.floor(width / 2)]), (c, y, column) => {
    const row = (dy: number) => at(same, c, 2 * y + dy, 2 * column) + at(same, c, 2 * y + dy, 2 * column + 1);
    return (row(0) + row(1)) / 4;
  });
}

export function directUp(x: Maps, weights: Weights, name: string): Maps {
  const [, channels, height, width] = x.dims;
  const large = fill(zeros([1, channels, 2 * height, 2 * width]), (c, y, column) => at(x, c, y >> 1, column >> 1));
  return directSame(large, weights, name);
}

export function directRes(x: Maps, weights: Weights, name: string): Maps {
  const first = directConv(directRelu(directNorm(x, weights, `${name}.norm1`)), weights, `${name}.conv1`, 1);
  const second = directConv(directRelu(directNorm(first, weights, `${name}.norm2`)), weights, `${name}.conv2`, 1);
  return fill(zeros(x.dims), (c, y, column) => at(x, c, y, column) + at(second, c, y, column));
}

export function directGroupedConv(x: Maps, weights: Weights, name: string, groups: number): Maps {
  const weight = weights.get(`${name}.weight`)!;
  const bias = weights.get(`${name}.bias`)!;
  const [outputs, inputs] = weight.dims as [number, number, number, number];
  const [, , height, width] = x.dims;
  return fill(zeros([1, outputs, height, width]), (o, y, column) => {
    const first = Math.floor((o * groups) / outputs) * inputs;
    let sum = bias.data[o]!;
    for (let i = 0; i < inputs; i++) sum += at(x, first + i, y, column) * weight.data[o * inputs + i]!;
    return sum;
  });
}

export function directHourglass(x: Maps, weights: Weights, name: string, levels: number): Maps {
  const encoded = [x];
  for (let i = 0; i < levels; i++) encoded.push(directDown(encoded[i]!, weights, `${name}.encoder.down_blocks.${i}`));
  return directDecoder(encoded, weights, `${name}.decoder`);
}

export function directDecoder(encoded: readonly Maps[], weights: Weights, name: string): Maps {
  const levels = encoded.length - 1;
  let out = encoded[levels]!;
  for (let j = levels - 1; j >= 0; j--) {
    const up = directUp(out, weights, `${name}.up_blocks.${levels - 1 - j}`);
    const skip = encoded[j]!;
    const [, channels, height, width] = up.dims;
    out = fill(zeros([1, channels + skip.dims[1], height, width]), (c, y, column) =>
      c < channels ? at(up, c, y, column) : at(skip, c - channels, y, column),
    );
  }
  return out;
}

/** The value at a place; zero outside. */
function at(x: Maps, c: number, row: number, column: number): number {
  const [, , height, width] = x.dims;
  if (row < 0 || column < 0 || row >= height || column >= width) return 0;
  return x.data[(c * height + row) * width + column]!;
}

function fill(out: Maps, value: (c: number, row: number, column: number) => number): Maps {
  const [, channels, height, width] = out.dims;
  let i = 0;
  for (let c = 0; c < channels; c++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) out.data[i++] = value(c, row, column);
  return out;
}
