import { tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { resizeNearest, scaledSize } from "@bunraku/warp";
import { describe, expect, test } from "vitest";
import { sparseMotionsOnnx } from "../sparse-motions/sparse-motions.onnx.ts";
import { backends } from "../testing/backends.ts";
import { embeddingChannels, expectEmbedding, type MovementEmbeddingConfig } from "./embedding-config.ts";
import { movementEmbeddingOnnx } from "./movement-embedding.onnx.ts";
import { movementEmbedding } from "./movement-embedding.ts";

const floats = (values: readonly number[], dims: readonly number[]) =>
  tensor("float32", Float32Array.from(values), dims);

const everything: MovementEmbeddingConfig = {
  numKeypoints: 2,
  numChannels: 3,
  addBackground: true,
  useHeatmap: true,
  useDifference: true,
  useDeformedSource: true,
  heatmapType: "difference",
  normalisation: 100,
  scaleFactor: 0.5,
};

const configs: readonly (readonly [string, MovementEmbeddingConfig])[] = [
  ["everything", everything],
  ["heatmaps alone", { ...everything, useDifference: false, useDeformedSource: false, addBackground: false }],
  ["gaussians, each divided by its sum", { ...everything, heatmapType: "gaussian", normalisation: "sum" }],
  ["displacements without a background", { ...everything, useHeatmap: false, addBackground: false }],
  ["the deformed source alone", { ...everything, useHeatmap: false, useDifference: false }],
];

const size = { height: 9, width: 12 };
const feeds = {
  image: noise([1, 3, size.height, size.width], 1),
  d: noise([2, 2], 2),
  s: noise([2, 2], 3),
  dp: floats([4, 1, 1, 2, 30, -5, -5, 20], [2, 2, 2]),
  sp: floats([9, 0, 0, 9, 10, 2, 2, 5], [2, 2, 2]),
};
const here = { points: feeds.d, precisions: feeds.dp };
const there = { points: feeds.s, precisions: feeds.sp };

describe.each(backends)("on %s", (_, open) => {
  test.each(configs)("the form agrees with the definition: %s", async (_, config) => {
    await using backend = await open();
    for (const alignCorners of [true, false]) {
      const small = resizeNearest(feeds.image, scaledSize(size, config.scaleFactor));
      const got = await runPiece(
        backend,
        (g, { image, d, s, dp, sp }) => {
          const motions = sparseMotionsOnnx(g, s, d, undefined, scaledSize(size, config.scaleFactor));
          const inputs = { image, driving: d, source: s, drivingPrecisions: dp, sourcePrecisions: sp, motions };
          return movementEmbeddingOnnx(g, inputs, config, { alignCorners }).embedding;
        },
        { ...feeds, image: small },
      );
      const wanted = movementEmbedding(feeds.image, here, there, config, { alignCorners });
      expect(compareTensors(got, wanted).maxAbsError).toBeLessThan(2e-5);
    }
  });

  test("a gaussian that is nowhere on the map is zeros, not a number that is none", async () => {
    await using backend = await open();
    const config = { ...configs[2]![1], useDifference: false, useDeformedSource: false, scaleFactor: 1 };
    const far = { ...feeds, d: floats([90, 90, 0, 0], [2, 2]) };
    const wanted = movementEmbedding(far.image, { points: far.d, precisions: far.dp }, there, config, {
      alignCorners: true,
    });
    const got = await runPiece(
      backend,
      (g, { image, d, s, dp, sp }) => {
        const motions = sparseMotionsOnnx(g, s, d, undefined, size);
        const inputs = { image, driving: d, source: s, drivingPrecisions: dp, sourcePrecisions: sp, motions };
        return movementEmbeddingOnnx(g, inputs, config, { alignCorners: true }).embedding;
      },
      far,
    );
    expect(compareTensors(got, wanted).maxAbsError).toBeLessThan(1e-6);
    expect([...wanted.data.subarray(108, 216)].every((value) => value === 0)).toBe(true);
  });
});

test("candidate by candidate: heatmap, displacement x and y, deformed source; the background first", () => {
  const config = { ...everything, scaleFactor: 1, heatmapType: "gaussian" as const, normalisation: 2 };
  const image = noise([1, 3, 3, 5], 1);
  const points = floats([0, 0, 0.5, 0], [2, 2]);
  const source = { points: floats([0, 0, 1, -1], [2, 2]), precisions: there.precisions };
  const { dims, data } = movementEmbedding(image, { points, precisions: here.precisions }, source, config, {
    alignCorners: true,
  });
  expect(dims).toEqual([1, 18, 3, 5]);
  const channel = (candidate: number, c: number) => [
    ...data.subarray((6 * candidate + c) * 15, (6 * candidate + c + 1) * 15),
  ];
  for (const c of [0, 1, 2]) expect(channel(0, c)).toEqual(new Array(15).fill(0)); // the background
  for (const c of [0, 1, 2]) expect(channel(0, 3 + c)).toEqual([...image.data.subarray(15 * c, 15 * c + 15)]);
  expect(channel(1, 0)[7]).toBe(0.5); // 1 / 2 on its point, the middle
  for (const [c, wanted] of [0.5, -1].entries())
    for (const value of channel(2, 1 + c)) expect(value).toBeCloseTo(wanted, 6);
  // A column of five is 0.5 and a row of three is 1: row 1 shows row 0, one column further on.
  expect(channel(2, 3)[5]).toBeCloseTo(image.data[1]!, 6);
});

test("with difference a keypoint that has not moved has no heatmap", () => {
  const config = { ...everything, scaleFactor: 1, useDifference: false, useDeformedSource: false };
  const { data } = movementEmbedding(feeds.image, here, here, config, { alignCorners: true });
  expect([...data].every((value) => value === 0)).toBe(true);
});

test("divided by its sum a gaussian sums to one", () => {
  const config = {
    ...configs[2]![1],
    useDifference: false,
    useDeformedSource: false,
    scaleFactor: 1,
    addBackground: false,
  };
  const { data } = movementEmbedding(feeds.image, here, there, config, { alignCorners: true });
  for (const k of [0, 1]) expect(data.subarray(108 * k, 108 * k + 108).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
});

test("pictures and points of other numbers than the configuration's are refused", () => {
  const embed = (image = feeds.image, driving = here, source = there) =>
    movementEmbedding(image, driving, source, everything, { alignCorners: true });
  const three = { points: noise([3, 2]), precisions: noise([3, 2, 2]) };
  expect(() => embed(noise([1, 1, 9, 12]) as never)).toThrow("image: expected [1, 3, H, W], got [1, 1, 9, 12].");
  expect(() => embed(feeds.image, three as never)).toThrow("driving points: expected [2, 2], got [3, 2].");
  expect(() => embed(feeds.image, here, three as never)).toThrow("source points: expected [2, 2], got [3, 2].");
});

test("an embedding has maps for as many channels as its picture", () => {
  const grey = { ...everything, numChannels: 1 };
  expect(embeddingChannels(grey)).toBe(4);
  expect(movementEmbedding(noise([1, 1, 9, 12]), here, there, grey, { alignCorners: true }).dims).toEqual([
    1, 12, 4, 6,
  ]);
});

test("an empty embedding is refused", () => {
  const empty = { ...everything, useHeatmap: false, useDifference: false, useDeformedSource: false };
  expect(() => expectEmbedding(empty, "mask_embedding_params")).toThrow(
    "mask_embedding_params: at least one of use_heatmap, use_difference and use_deformed_source_image must be true.",
  );
});
