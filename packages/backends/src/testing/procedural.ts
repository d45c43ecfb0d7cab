import type { Weights } from "../contract/backend.ts";
import { sizeOf, type Tensor, tensor } from "../contract/tensor.ts";
import type { TensorSpec } from "../layers/tensor-specs.ts";

/**
 * Weights that any language can make from a name: what the golden fixtures were computed with.
 *
 * @param module "generator" or "kp_detector"
 * @see spec, appendix G; anchors in procedural.test.ts
 */
export function proceduralWeights(module: string, specs: readonly TensorSpec[]): Weights {
  return new Map(specs.map(({ name, dims }) => [name, proceduralTensor(module, name, dims)]));
}

export function proceduralTensor(module: string, key: string, dims: readonly number[]): Tensor<"float32"> {
  const name = `${module}/${key}`;
  const seed = fnv1a(name);
  const size = sizeOf(dims);
  const data = new Float32Array(size);
  const leaf = key.slice(key.lastIndexOf(".") + 1);
  const [offset, gain] = key.includes(".norm")
    ? normRange(leaf)
    : [0, leaf === "weight" ? gainOf(name) * Math.sqrt(3 / sizeOf(dims.slice(1))) : 0.1];
  for (let i = 0; i < size; i++) {
    const extra = key === "jacobian.bias" && (i % 4 === 0 || i % 4 === 3) ? 1 : 0;
    data[i] = offset + extra + gain * (2 * mulberry32(seed, i) - 1);
  }
  return tensor("float32", data, dims);
}

function normRange(leaf: string): [number, number] {
  if (leaf === "weight") return [1, 0.25];
  return leaf === "running_var" ? [1, 0.5] : [0, 0.25];
}

/** Gains that differ from the square root of two, by the beginning of a weight's name (spec, appendix G). */
const gains: readonly (readonly [prefix: string, gain: number])[] = [
  ["generator/bottleneck", 0.5],
  ["generator/refinement_module.", 0.5],
  ["generator/final.weight", 0.5],
  ["generator/dense_motion_module.hourglass.decoder.conv.weight", 0.1],
  ["kp_detector/kp.weight", 2],
  ["kp_detector/predictor.decoder.conv.weight", 6],
  ["kp_detector/jacobian.weight", 0.25],
];

function gainOf(name: string): number {
  return gains.find(([prefix]) => name.startsWith(prefix))?.[1] ?? Math.SQRT2;
}

export function fnv1a(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Output number `index + 1` of the mulberry32 generator, in [0, 1). */
function mulberry32(seed: number, index: number): number {
  const a = (seed + Math.imul(index + 1, 0x6d2b79f5)) >>> 0;
  let t = Math.imul(a ^ (a >>> 15), a | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** Test picture `index`: 0 the source, 1 the initial driving frame, 2 the driving frame. `[1, 3, H, W]`, RGB in [0, 1] */
export function proceduralImage(
  { height, width }: { readonly height: number; readonly width: number },
  index: number,
): Tensor<"float32", readonly [1, 3, number, number]> {
  const data = new Float32Array(3 * height * width);
  for (let c = 0; c < 3; c++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const x = column / width;
        const y = row / height;
        const slow = Math.sin(2 * Math.PI * ((2 + c) * x + (3 - c) * y) + 0.7 * c + 0.9 * index);
        const fast = Math.sin(2 * Math.PI * ((5 + c) * x * (1 + 0.1 * index) - (4 - c) * y) + 1.3 * index);
        data[(c * height + row) * width + column] = 0.5 + 0.25 * slow + 0.25 * fast;
      }
    }
  }
  return tensor("float32", data, [1, 3, height, width]);
}
