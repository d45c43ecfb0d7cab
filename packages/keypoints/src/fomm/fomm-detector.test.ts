import { tensor, type Weights, zeros } from "@bunraku/backends";
import { compareTensors, mockBackend, noise } from "@bunraku/backends/testing";
import { antiAliasDown } from "@bunraku/warp";
import { describe, expect, test } from "vitest";
import { heatmapsOf, poolJacobians, softArgmax } from "../soft-argmax/soft-argmax.ts";
import { backends } from "../testing/backends.ts";
import { type FommDetectorConfig, fommDetectorSpecs } from "./detector-config.ts";
import { createFommDetector } from "./fomm-detector.ts";

const config: FommDetectorConfig = {
  numKeypoints: 2,
  numChannels: 3,
  estimateJacobian: true,
  singleJacobianMap: false,
  temperature: 0.1,
  scaleFactor: 0.5,
  pad: 0,
  blockExpansion: 2,
  maxFeatures: 4,
  numBlocks: 1,
};
const size = { height: 20, width: 24 };

/** Zero everywhere, then as told. */
function weightsOf(config: FommDetectorConfig, set: Record<string, (data: Float32Array) => void>): Weights {
  const weights = new Map(fommDetectorSpecs(config).map(({ name, dims }) => [name, zeros(dims)]));
  for (const [name, fill] of Object.entries(set)) fill(weights.get(name)!.data);
  return weights;
}

// The last three of the hourglass's five channels are the raw small image. A head that reads only the centre of its
// kernel there sees that image without its outermost three pixels, so what the detector gives has a closed form.
const centreOf = (output: number, input: number) => (output * 5 + input) * 49 + 24;
const closedForm = (config: FommDetectorConfig) =>
  weightsOf(config, {
    "kp.weight": (data) => {
      data[centreOf(0, 2)] = 1; // keypoint 0 looks for red
      data[centreOf(1, 4)] = -1; // keypoint 1 for the absence of blue
    },
    "jacobian.weight": (data) => {
      for (let c = 0; c < data.length / 245; c++) data[centreOf(c, 2 + (c % 3))] = c + 1;
    },
    "jacobian.bias": (data) => data.fill(0.5),
  });

function expected(image: ReturnType<typeof picture>, maps: number, pad: number) {
  const small = antiAliasDown(image, config.scaleFactor); // [1, 3, 10, 12]
  const [height, width] = [4 + 2 * pad, 6 + 2 * pad];
  const inner = (c: number, factor: number, bias: number) => {
    const out: number[] = [];
    for (let y = 3 - pad; y < 3 - pad + height; y++)
      for (let x = 3 - pad; x < 3 - pad + width; x++) out.push(small.data[(c * 10 + y) * 12 + x]! * factor + bias);
    return out;
  };
  const scores = tensor("float32", Float32Array.from([...inner(0, 1, 0), ...inner(2, -1, 0)]), [1, 2, height, width]);
  const entries = Float32Array.from(Array.from({ length: 4 * maps }, (_, c) => inner(c % 3, c + 1, 0.5)).flat());
  const heatmaps = heatmapsOf(scores, config);
  return {
    points: softArgmax(heatmaps),
    jacobians: poolJacobians(heatmaps, tensor("float32", entries, [1, 4 * maps, height, width])),
  };
}

const picture = () => noise([1, 3, size.height, size.width], 1, [0, 1]);

describe.each(backends)("on %s", (_, open) => {
  test.each([
    ["a jacobian map per keypoint", config, 2],
    ["one jacobian map for all", { ...config, singleJacobianMap: true }, 1],
    ["padded heads", { ...config, pad: 2 }, 2],
  ])(
    "with %s, keypoints are the soft argmax of the scores and their pooled jacobians",
    async (_name, variant, maps) => {
      await using backend = await open();
      await using detector = await createFommDetector(backend, variant, closedForm(variant), size);
      const { points, jacobians } = await detector.detect(picture());
      const wanted = expected(picture(), maps, variant.pad);
      expect(compareTensors(points, wanted.points).maxAbsError).toBeLessThan(1e-5);
      expect(compareTensors(jacobians!, wanted.jacobians).maxAbsError).toBeLessThan(1e-5);
    },
  );

  test("a zeroth-order model gives points alone", async () => {
    await using backend = await open();
    const zeroth = { ...config, estimateJacobian: false };
    await using detector = await createFommDetector(backend, zeroth, closedFormWithoutJacobian(zeroth), size);
    const keypoints = await detector.detect(picture());
    expect(Object.keys(keypoints)).toEqual(["points"]);
    expect(compareTensors(keypoints.points, expected(picture(), 2, 0).points).maxAbsError).toBeLessThan(1e-5);
  });
});

const closedFormWithoutJacobian = (zeroth: FommDetectorConfig) =>
  weightsOf(zeroth, {
    "kp.weight": (data) => {
      data[centreOf(0, 2)] = 1;
      data[centreOf(1, 4)] = -1;
    },
  });

test("a missing weight is named, with the dims that are wanted", async () => {
  const weights = new Map(weightsOf(config, {}));
  weights.delete("kp.bias");
  await expect(createFommDetector(mockBackend(), config, weights, size)).rejects.toThrow(
    'weights: "kp.bias" [2] is missing.',
  );
});

test("weights of another architecture are refused", async () => {
  const weights = weightsOf({ ...config, numKeypoints: 3 }, {});
  await expect(createFommDetector(mockBackend(), config, weights, size)).rejects.toThrow(
    'weights: "kp.weight" must be [2, 5, 7, 7], got [3, 5, 7, 7]. Do checkpoint and configuration belong together?',
  );
});

test("a picture of another size is refused", async () => {
  await using detector = await createFommDetector(mockBackend(), config, weightsOf(config, {}), size);
  await expect(detector.detect(noise([1, 3, 24, 20]))).rejects.toMatchObject({ code: "SHAPE" });
});

test("heatmaps are not asked for, which spares their copy", async () => {
  const backend = mockBackend();
  await using detector = await createFommDetector(backend, config, weightsOf(config, {}), size);
  await detector.detect(picture());
  expect(backend.runs.map(({ outputs }) => outputs)).toEqual([["points", "jacobians"]]);
});

test("keypoints that are not numbers are refused, and nothing is left behind", async () => {
  const answer = () => ({
    points: tensor("float32", Float32Array.of(0, 0, 0, Number.NaN), [2, 2]),
    jacobians: zeros([2, 2, 2]),
    heatmaps: zeros([1, 2, 4, 6]),
  });
  const backend = mockBackend({ answer });
  const detector = await createFommDetector(backend, config, weightsOf(config, {}), size);
  await expect(detector.detect(picture())).rejects.toThrow(
    "keypoint detector: the point of keypoint 1 is not a finite number (NaN). Are the weights damaged?",
  );
  await detector[Symbol.asyncDispose]();
  expect(backend.live).toBe(0);
});

test("an aborted signal rejects with its reason, at load and at detection", async () => {
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  await expect(createFommDetector(mockBackend(), config, weightsOf(config, {}), size, { signal })).rejects.toBe(reason);
  await using detector = await createFommDetector(mockBackend(), config, weightsOf(config, {}), size);
  await expect(detector.detect(picture(), { signal })).rejects.toBe(reason);
});

test("a detector tells the size of its pictures", async () => {
  await using detector = await createFommDetector(mockBackend(), config, weightsOf(config, {}), size);
  expect(detector.size).toEqual({ height: 20, width: 24 });
});
