import { type Weights, zeros } from "@bunraku/backends";
import { encodeModel, GraphBuilder } from "@bunraku/backends/onnx";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { gridSample, identityGrid } from "@bunraku/warp";
import { describe, expect, test } from "vitest";
import { occlude } from "../occlude/occlude.ts";
import { backends } from "../testing/backends.ts";
import { fommDecoderGraph, fommDecoderOnnx } from "./decoder.onnx.ts";
import { fommEncoderOnnx } from "./encoder.onnx.ts";
import { type FommGeneratorConfig, fommGeneratorSpecs } from "./generator-config.ts";

const config: FommGeneratorConfig = {
  numChannels: 3,
  blockExpansion: 3,
  maxFeatures: 3,
  numDownBlocks: 1,
  numBottleneckBlocks: 1,
};
const size = { height: 8, width: 12 };
const small = { height: 4, width: 6 };

/** Weights with which every convolution passes channel c on as it is, and every norm changes nothing (but for its eps). */
function passing(): Map<string, ReturnType<typeof zeros>> {
  const weights = new Map(fommGeneratorSpecs(config).map(({ name, dims }) => [name, zeros(dims)]));
  for (const [name, { data, dims }] of weights) {
    if (name.endsWith("running_var") || /norm\d?\.weight$/.test(name)) data.fill(1);
    const [, inputs = 0, kernel = 0] = dims;
    if (kernel > 0)
      for (let c = 0; c < inputs; c++) data[(c * inputs + c) * kernel * kernel + (kernel * kernel - 1) / 2] = 1;
  }
  return weights;
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

describe.each(backends)("on %s", (_, open) => {
  test("an encoder whose layers pass everything on is a 2 × 2 mean", async () => {
    await using backend = await open();
    const image = noise([1, 3, 8, 12], 1, [0, 1]);
    const got = await runPiece(backend, (g, { image }) => fommEncoderOnnx(g, image, passing() as Weights, config), {
      image,
    });
    expect(got.dims).toEqual([1, 3, 4, 6]);
    const at = (c: number, y: number, x: number) => image.data[(c * 8 + y) * 12 + x]!;
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 6; x++) {
          const mean =
            (at(c, 2 * y, 2 * x) + at(c, 2 * y, 2 * x + 1) + at(c, 2 * y + 1, 2 * x) + at(c, 2 * y + 1, 2 * x + 1)) / 4;
          expect(got.data[(c * 4 + y) * 6 + x]).toBeCloseTo(mean, 4); // two norms divide by sqrt(1 + 1e-5)
        }
  });

  test.each([true, false])("a decoder warps, occludes, then paints, with aligned corners %s", async (alignCorners) => {
    await using backend = await open();
    const feeds = {
      features: noise([1, 3, 4, 6], 1, [0, 1]),
      flow: noise([1, 4, 6, 2], 2, [-1.2, 1.2]),
      occlusion: noise([1, 1, 4, 6], 3, [0, 1]),
    };
    const graph = fommDecoderGraph(config, passing() as Weights, size, small, { alignCorners, occlusion: true });
    await using session = await backend.load(encodeModel(graph));
    const { prediction } = await session.run(feeds);
    // Passing layers: the bottleneck adds x to x, the up block repeats pixels.
    const { data } = occlude(gridSample(feeds.features, feeds.flow, { alignCorners }), feeds.occlusion);
    const wanted = zeros([1, 3, 8, 12]);
    for (let i = 0; i < wanted.data.length; i++) {
      const [c, y, x] = [Math.floor(i / 96), Math.floor((i % 96) / 12), i % 12];
      wanted.data[i] = sigmoid(2 * data[(c * 4 + (y >> 1)) * 6 + (x >> 1)]!);
    }
    expect(compareTensors(prediction as typeof wanted, wanted).maxAbsError).toBeLessThan(1e-4);
  });

  test("without occlusion nothing fades; without motion nothing moves", async () => {
    await using backend = await open();
    const features = noise([1, 3, 4, 6], 1, [0, 1]);
    const weights = passing() as Weights;
    const graph = fommDecoderGraph(config, weights, size, small, { alignCorners: true, occlusion: false });
    await using session = await backend.load(encodeModel(graph));
    const { prediction } = await session.run({ features, flow: identityGrid(small) });
    const still = await runPiece(
      backend,
      (g, { features }) => fommDecoderOnnx(g, features, undefined, weights, config, { alignCorners: true }),
      { features },
    );
    expect(compareTensors(prediction!, still).maxAbsError).toBeLessThan(1e-5);
  });
});

test("encoder and decoder read every tensor of the specs, with widths that double up to a maximum", () => {
  const wide = { ...config, blockExpansion: 2, maxFeatures: 6, numDownBlocks: 2, numBottleneckBlocks: 2 }; // 2, 4, 6
  const specs = fommGeneratorSpecs(wide);
  const build = (weights: Weights) => {
    const g = new GraphBuilder("both");
    const features = fommEncoderOnnx(g, g.input("image", [1, 3, 8, 12]), weights, wide);
    return fommDecoderOnnx(g, features, undefined, weights, wide, { alignCorners: true }).dims;
  };
  const whole = new Map(specs.map(({ name, dims }) => [name, zeros(dims)]));
  expect(build(whole)).toEqual([1, 3, 8, 12]);
  for (const { name } of specs) {
    const less = new Map(whole);
    less.delete(name);
    expect(() => build(less)).toThrow(`weights: "${name}"`);
  }
});

test("a missing weight is named", () => {
  const weights = passing();
  weights.delete("bottleneck.r0.norm2.running_var");
  expect(() =>
    fommDecoderGraph(config, weights as Weights, size, small, { alignCorners: true, occlusion: true }),
  ).toThrow('weights: "bottleneck.r0.norm2.running_var" [3] is missing.');
});

test("weights of another architecture are refused", () => {
  const graph = () =>
    fommDecoderGraph(
      { ...config, numDownBlocks: 1, blockExpansion: 2, maxFeatures: 2 },
      passing() as Weights,
      size,
      small,
      {
        alignCorners: true,
        occlusion: true,
      },
    );
  expect(graph).toThrow(
    'weights: "bottleneck.r0.norm1.weight" must be [2], got [3]. Do checkpoint and configuration belong together?',
  );
});
