import { type Tensor, tensor, zeros } from "@bunraku/backends";
import { encodeModel, GraphBuilder } from "@bunraku/backends/onnx";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { gridSample, identityGrid, resizeBilinear, resizeNearest } from "@bunraku/warp";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { officialTensors } from "../../../../fixtures/official-tensors.ts";
import { backends } from "../testing/backends.ts";
import { monkeyNetDecoderOnnx } from "./decoder.onnx.ts";
import { monkeyNetEncoderOnnx } from "./encoder.onnx.ts";
import { type MonkeyNetGeneratorConfig, monkeyNetGeneratorSpecs, refinementChannels } from "./generator-config.ts";

const config: MonkeyNetGeneratorConfig = {
  numChannels: 3,
  numRefinementBlocks: 0,
  interpolation: "nearest",
  embeddingChannels: 2,
  blockExpansion: 2,
  maxFeatures: 4,
  numBlocks: 2,
};
const image = noise([1, 3, 8, 12], 1, [0, 1]);
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

type Given = Readonly<Partial<Record<"flow" | "embedding", Tensor<"float32">>>>;

function graphOf(config: MonkeyNetGeneratorConfig, weights: ReadonlyMap<string, Tensor<"float32">>, given: Given) {
  const g = new GraphBuilder("monkey_net");
  const levels = monkeyNetEncoderOnnx(g, g.input("image", image.dims), weights, config);
  const frame = Object.fromEntries(Object.entries(given).map(([name, { dims }]) => [name, g.input(name, dims)]));
  const outputs = monkeyNetDecoderOnnx(g, levels, frame, weights, config, { alignCorners: true });
  for (const [name, value] of Object.entries(outputs)) g.output(value, name);
  return g.build();
}

const nothing = (config: MonkeyNetGeneratorConfig) =>
  new Map(monkeyNetGeneratorSpecs(config).map(({ name, dims }) => [name, zeros(dims)]));

/** Weights with which three channels before the last convolution are what is seen: from `first` on, the source, the embedding. */
function showing(config: MonkeyNetGeneratorConfig, first: number) {
  const weights = nothing(config);
  const { data } = weights.get("refinement_module.conv-last.weight")!;
  for (let c = 0; c < 3; c++) data[c * refinementChannels(config) + first + c] = 1;
  return weights;
}

describe.each(backends)("on %s", (_, open) => {
  async function run(config: MonkeyNetGeneratorConfig, weights: ReadonlyMap<string, Tensor<"float32">>, given: Given) {
    await using backend = await open();
    await using session = await backend.load(encodeModel(graphOf(config, weights, given)));
    return (await session.run({ image, ...given })) as Record<"prediction" | "deformed", Tensor<"float32">>;
  }
  const seen = (map: Tensor<"float32">) => tensor("float32", map.data.map(sigmoid), map.dims);

  test("whole steps of flow shift the source exactly, and its raw pixels stand behind the decoder's", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 }), async (dx, dy) => {
        const flow = identityGrid({ height: 8, width: 12 });
        for (let i = 0; i < flow.data.length; i += 2) {
          flow.data[i]! += (2 * dx) / 11;
          flow.data[i + 1]! += (2 * dy) / 7;
        }
        const given = { flow, embedding: zeros([1, 2, 4, 6]) };
        const { prediction, deformed } = await run(config, showing(config, config.blockExpansion), given);
        for (let c = 0; c < 3; c++)
          for (let y = 0; y < 8; y++)
            for (let x = 0; x < 12; x++) {
              const inside = y + dy >= 0 && y + dy < 8 && x + dx >= 0 && x + dx < 12;
              const wanted = inside ? image.data[(c * 8 + y + dy) * 12 + x + dx]! : 0;
              expect(Math.abs(deformed.data[(c * 8 + y) * 12 + x]! - wanted)).toBeLessThan(1e-5);
            }
        expect(compareTensors(prediction, seen(deformed)).maxAbsError).toBeLessThan(1e-5);
      }),
      { numRuns: 8 },
    );
  });

  test.each(["nearest", "bilinear"] as const)(
    "flow and embedding are resized to each level, %s",
    async (interpolation) => {
      const own = { ...config, interpolation, embeddingChannels: 3 };
      const given = { flow: noise([1, 4, 5, 2], 3, [-1.2, 1.2]), embedding: noise([1, 3, 5, 3], 4) };
      const resize = interpolation === "nearest" ? resizeNearest : resizeBilinear;
      const planes = [0, 1].map((axis) => {
        const plane = given.flow.data.filter((_, i) => i % 2 === axis);
        return resize(tensor("float32", plane, [1, 1, 4, 5]), { height: 8, width: 12 }).data;
      });
      const flow = Float32Array.from({ length: 192 }, (_, i) => planes[i % 2]![i >> 1]!);
      const warped = gridSample(image, tensor("float32", flow, [1, 8, 12, 2]), { alignCorners: true });
      const source = await run(own, showing(own, own.blockExpansion), given);
      expect(compareTensors(source.deformed, warped).maxAbsError).toBeLessThan(2e-5);
      expect(compareTensors(source.prediction, seen(warped)).maxAbsError).toBeLessThan(1e-5);
      const embedded = await run(own, showing(own, own.blockExpansion + 3), given);
      const wanted = resize(given.embedding, { height: 8, width: 12 });
      expect(compareTensors(embedded.prediction, seen(wanted)).maxAbsError).toBeLessThan(1e-5);
    },
  );

  test("without a flow levels stay in place", async () => {
    const plain = { ...config, embeddingChannels: 0 };
    const { prediction, deformed } = await run(plain, showing(plain, plain.blockExpansion), {});
    expect(compareTensors(deformed, image).maxAbsError).toBe(0);
    expect(compareTensors(prediction, seen(image)).maxAbsError).toBeLessThan(1e-6);
  });

  test("each refinement block adds to what it is given", async () => {
    const refined = { ...config, numRefinementBlocks: 3, embeddingChannels: 0 };
    const weights = showing(refined, refined.blockExpansion);
    // Zero weights and a bias: a block adds that number.
    for (const [i, add] of [0.5, 0.25, -1].entries()) weights.get(`refinement_module.r${i}.conv2.bias`)!.data.fill(add);
    const { prediction } = await run(refined, weights, {});
    const wanted = tensor(
      "float32",
      image.data.map((value) => sigmoid(value - 0.25)),
      image.dims,
    );
    expect(compareTensors(prediction, wanted).maxAbsError).toBeLessThan(1e-5);
  });
});

test("every tensor of the specs is read, and named when it is missing", () => {
  const own = { ...config, numRefinementBlocks: 1 };
  const given = { flow: identityGrid({ height: 8, width: 12 }), embedding: zeros([1, 2, 4, 6]) };
  for (const { name } of monkeyNetGeneratorSpecs(own)) {
    const weights = nothing(own);
    weights.delete(name);
    expect(() => graphOf(own, weights, given)).toThrow(`weights: "${name}"`);
  }
});

test.each([
  ["monkey_vox", 7],
  ["monkey_moving_gif", 6],
])("%s has the tensors of the official checkpoint beside its dense motion, and no others", (name, numBlocks) => {
  const wanted = officialTensors(name, "generator").filter((line) => !line.startsWith("dense_motion_module."));
  const official = { ...config, blockExpansion: 32, maxFeatures: 1024, numBlocks, numRefinementBlocks: 4 };
  const specs = monkeyNetGeneratorSpecs({ ...official, embeddingChannels: 10 });
  expect(specs.map((spec) => `${spec.name} [${spec.dims.join(", ")}]`).sort()).toEqual(wanted);
});
