import { expect, test } from "vitest";
import { zeros } from "../contract/tensor.ts";
import { GraphBuilder } from "../onnx/graph-builder.ts";
import {
  blockSpecs,
  conv,
  convSpecs,
  downBlock,
  featuresAt,
  hourglass,
  hourglassChannels,
  hourglassSpecs,
  normSpecs,
  resBlock,
  resSpecs,
  sameBlock,
  scale,
  scoped,
  type TensorSpec,
  upBlock,
  weightOf,
  withDepth,
  withoutDepth,
} from "./index.ts";

const zerosFor = (specs: readonly TensorSpec[]) => new Map(specs.map(({ name, dims }) => [name, zeros(dims)]));
const config = { blockExpansion: 8, maxFeatures: 20, numBlocks: 2 };

test("level i has min(max, first · 2^i) channels", () => {
  expect([0, 1, 2, 3].map((level) => featuresAt(config, level))).toEqual([8, 16, 20, 20]);
});

test("an hourglass returns the channels of its first level and of its input", () => {
  expect(hourglassChannels(config, 3)).toBe(11);
});

test("specs name a convolution's weight [O, I, k, k] and bias [O]", () => {
  expect(convSpecs("kp", 10, 35, 7)).toEqual([
    { name: "kp.weight", dims: [10, 35, 7, 7] },
    { name: "kp.bias", dims: [10] },
  ]);
});

test("specs of an hourglass: each decoder level reads what is below it and the skip beside that", () => {
  const widths = hourglassSpecs("net", config, 3)
    .filter(({ name }) => name.endsWith("conv.weight"))
    .map(({ name, dims }) => `${name} ${dims[1]} to ${dims[0]}`);
  expect(widths).toEqual([
    "net.encoder.down_blocks.0.conv.weight 3 to 16",
    "net.encoder.down_blocks.1.conv.weight 16 to 20",
    "net.decoder.up_blocks.0.conv.weight 20 to 16",
    "net.decoder.up_blocks.1.conv.weight 32 to 8",
  ]);
});

// What a spec lists is what its layer reads: with one tensor less the layer fails and names it.
const x = (g: GraphBuilder) => g.input("x", [1, 3, 8, 8]);
const layers: [string, TensorSpec[], (g: GraphBuilder, weights: ReturnType<typeof zerosFor>) => unknown][] = [
  ["conv", convSpecs("a", 2, 3, 3), (g, weights) => conv(g, x(g), weights, "a", { channels: 2, kernel: 3 })],
  ["same", blockSpecs("a", 2, 3, 5), (g, weights) => sameBlock(g, x(g), weights, "a", { channels: 2, kernel: 5 })],
  ["down", blockSpecs("a", 2, 3), (g, weights) => downBlock(g, x(g), weights, "a", 2)],
  ["up", blockSpecs("a", 2, 3), (g, weights) => upBlock(g, x(g), weights, "a", 2)],
  ["res", resSpecs("a", 3), (g, weights) => resBlock(g, x(g), weights, "a")],
  ["hourglass", hourglassSpecs("a", config, 3), (g, weights) => hourglass(g, x(g), weights, "a", config)],
];

test.each(layers)("a %s layer needs every tensor of its specs and no other", (_, specs, layer) => {
  expect(() => layer(new GraphBuilder("whole"), zerosFor(specs))).not.toThrow();
  for (const { name, dims } of specs) {
    const weights = zerosFor(specs);
    weights.delete(name);
    expect(() => layer(new GraphBuilder("less"), weights)).toThrow(
      `weights: "${name}" [${dims.join(", ")}] is missing.`,
    );
  }
});

test("normSpecs leaves out num_batches_tracked", () => {
  expect(normSpecs("n", 4).map(({ name }) => name)).toEqual(["n.weight", "n.bias", "n.running_mean", "n.running_var"]);
});

test("a weight of other dims is refused with MODEL", () => {
  const weights = zerosFor(convSpecs("kp", 10, 35, 7));
  expect(() => weightOf(weights, "kp.weight", [10, 32, 7, 7])).toThrow(
    'weights: "kp.weight" must be [10, 32, 7, 7], got [10, 35, 7, 7]. Do checkpoint and configuration belong together?',
  );
  expect(() => weightOf(weights, "kp.bias", [10, 1])).toThrow('weights: "kp.bias" must be [10, 1], got [10].');
  expect(() => weightOf(weights, "kp.bias", [9])).toThrow(expect.objectContaining({ code: "MODEL" }));
});

test("-1 stands for any size", () => {
  const weights = zerosFor(convSpecs("kp", 10, 35, 7));
  expect(weightOf(weights, "kp.weight", [-1, 35, -1, 7])).toBe(weights.get("kp.weight"));
  expect(() => weightOf(weights, "jacobian.weight", [-1, 35])).toThrow(
    'weights: "jacobian.weight" [any, 35] is missing.',
  );
});

test("scoped takes a prefix off, and leaves out what has another", () => {
  const weights = zerosFor([...convSpecs("dense.mask", 2, 3, 7), ...convSpecs("denser", 2, 3, 7)]);
  const inside = scoped(weights, "dense.");
  expect([...inside.keys()]).toEqual(["mask.weight", "mask.bias"]);
  expect(inside.get("mask.weight")).toBe(weights.get("dense.mask.weight"));
});

test("scaling by 1 adds no node", () => {
  const g = new GraphBuilder("g");
  const value = x(g);
  expect(scale(g, value, 1)).toBe(value);
});

test("convolutions of depth 1 and their flat forms are two views of the same numbers", () => {
  const specs = blockSpecs("down", 4, 3);
  const deep = withDepth(specs);
  expect(deep[0]).toEqual({ name: "down.conv.weight", dims: [4, 3, 1, 3, 3] });
  expect(deep.slice(1)).toEqual(specs.slice(1));
  const weights = zerosFor(deep);
  const flat = withoutDepth(weights);
  for (const { name, dims } of specs) {
    expect(flat.get(name)!.dims).toEqual(dims);
    expect(flat.get(name)!.data).toBe(weights.get(name)!.data);
  }
});

test("a real depth is not squeezed away", () => {
  const weights = new Map([["conv.weight", zeros([4, 3, 2, 3, 3])]]);
  expect(withoutDepth(weights).get("conv.weight")!.dims).toEqual([4, 3, 2, 3, 3]);
});
