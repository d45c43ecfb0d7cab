import { readFileSync } from "node:fs";
import { type Backend, type Tensor, tensor, type Values, zeros } from "@bunraku/backends";
import { ortNode } from "@bunraku/backends/ort-node";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import type { Family } from "@bunraku/checkpoints";
import { afterAll, beforeAll, expect, test } from "vitest";
import { architectureOf } from "../models/architecture.ts";
import { createModel } from "../models/create-model.ts";
import { proceduralModelWeights } from "../proof/procedural-model-weights.ts";
import { exportModel } from "./export-model.ts";

let backend: Backend;
beforeAll(async () => {
  backend = await ortNode({ threads: 1 });
});
afterAll(() => backend[Symbol.asyncDispose]());

const size = { height: 64, width: 64 };
const images = [0, 1, 2].map((index) => proceduralImage(size, index));
const paramsOf = (fixture: string): Record<string, Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/golden/${fixture}.json`, import.meta.url), "utf8")).config;

function opened(family: Family, params: unknown) {
  const architecture = architectureOf(family, params);
  return { architecture, weights: proceduralModelWeights(architecture) };
}

type Detected = Readonly<Record<"points" | "jacobians" | "covariances", Tensor<"float32">>>;
type Matrix = [number, number, number, number];

const matrices = ({ data }: Tensor<"float32">): Matrix[] =>
  Array.from({ length: data.length / 4 }, (_, k) => [...data.subarray(4 * k, 4 * k + 4)] as Matrix);
const stacked = (all: readonly Matrix[]) => tensor("float32", Float32Array.from(all.flat()), [all.length, 2, 2]);
const inverse = ([a, b, c, d]: Matrix): Matrix => {
  const determinant = a * d - b * c;
  return [d / determinant, -b / determinant, -c / determinant, a / determinant];
};
const product = ([a, b, c, d]: Matrix, [e, f, g, h]: Matrix): Matrix => [
  a * e + b * g,
  a * f + b * h,
  c * e + d * g,
  c * f + d * h,
];
const identity: Matrix = [1, 0, 0, 1];

/** The smallest singular value of a symmetric matrix. */
const smallest = ([a, b, , d]: Matrix) => Math.abs((a + d) / 2 - Math.hypot((a - d) / 2, b));

/** Does what the steps say, for relative movement. */
function followed(steps: readonly string[], source: Detected, first: Detected, frame: Detected): Values {
  const says = (part: string) => steps.some((step) => step.includes(part));
  const { data: s, dims } = source.points;
  const moved = Float32Array.from(s, (value, i) => frame.points.data[i]! - first.points.data[i]! + value);
  const [count] = dims as [number];
  const clip = Number(steps.join().match(/is below ([\d.]+),/)?.[1] ?? 0);
  const times = Number(steps.join().match(/identities times ([\d.]+)\./)?.[1]);
  const precisions = ({ covariances }: Detected) => {
    if (says("identities times")) return stacked(Array<Matrix>(count).fill([times, 0, 0, times]));
    return stacked(
      matrices(covariances).map((matrix) => {
        const [a, , , d] = matrix;
        if (says("mean of the covariance's diagonal")) return [2 / (a + d), 0, 0, 2 / (a + d)];
        const scale = Math.max(clip / smallest(matrix), 1);
        return inverse(matrix.map((entry) => entry * scale) as Matrix);
      }),
    );
  };
  const jacobians = () =>
    says("jacobians are identities")
      ? Array<Matrix>(count).fill(identity)
      : matrices(first.jacobians).map((j, k) => product(j, inverse(matrices(frame.jacobians)[k]!)));
  return {
    image: images[0]!,
    source: source.points,
    driving: tensor("float32", moved, dims),
    ...(says("jacobians") && { jacobians: stacked(jacobians()) }),
    ...(says("Precisions") && { sourcePrecisions: precisions(source), drivingPrecisions: precisions(frame) }),
    ...(says("anchors") && { anchors: source.points, spline: zeros([count, count, 2]) }),
  };
}

test.each([
  ["fomm", "fomm_tiny", false],
  ["fomm", "fomm_tiny", true],
  ["fomm", "fomm_tiny_zero", true],
  ["monkey-net", "monkey_tiny", false],
  ["monkey-net", "monkey_tiny_unclipped", true],
  ["monkey-net", "monkey_tiny_sum_single", false],
  ["monkey-net", "monkey_tiny_constvar", false],
] as const)(
  "the steps of a %s export, done by hand, give the model's frame: %s, with splines %s",
  async (family, fixture, withSpline) => {
    const { architecture, weights } = opened(family, paramsOf(fixture));
    const { files, description } = exportModel(architecture, weights, { size, alignCorners: true, withSpline });
    await using detector = await backend.load(files["detector.onnx"]);
    await using encoder = await backend.load(files["source.onnx"]);
    await using frame = await backend.load(files["frame.onnx"]);
    const detected: Values[] = [];
    for (const image of images) detected.push(await detector.run({ image }));
    const [source, first, now] = detected as unknown as [Detected, Detected, Detected];
    const features = await encoder.run({ image: images[0]! });
    const all: Values = { ...features, ...followed(description.steps, source, first, now) };
    const feeds = Object.fromEntries(frame.inputs.map(({ name }) => [name, all[name]!]));
    const { prediction } = await frame.run(feeds);

    await using model = await createModel(backend, architecture, weights, { size, alignCorners: true });
    using encoded = await model.encode(images[0]!);
    const wanted = await model.render(encoded, await model.detect(images[2]!), await model.detect(images[1]!));
    const { data } = prediction as Tensor<"float32">;
    // Clipping step by step in float32 differs from this by what float32 loses.
    for (const [i, value] of wanted.prediction!.data.entries()) expect(Math.abs(data[i]! - value)).toBeLessThan(2e-4);
  },
);

test("a description names every input and output of its graphs, as the files have them", async () => {
  const { architecture, weights } = opened("monkey-net", paramsOf("monkey_tiny"));
  const { files, description } = exportModel(architecture, weights, { size, alignCorners: false });
  expect(JSON.parse(new TextDecoder().decode(files["export.json"]))).toEqual(description);
  expect(description).toMatchObject({
    formatVersion: 1,
    family: "monkey-net",
    frameSize: [64, 64],
    alignCorners: false,
  });
  for (const { file, inputs, outputs } of description.graphs) {
    await using session = await backend.load(files[file as keyof typeof files]);
    const bare = (values: typeof inputs) => values.map(({ meaning, ...value }) => value);
    expect(bare(inputs)).toEqual(session.inputs.map(({ name, dims, type }) => ({ name, dims, type })));
    expect(bare(outputs)).toEqual(session.outputs.map(({ name, dims, type }) => ({ name, dims, type })));
    for (const { meaning } of [...inputs, ...outputs]) expect(meaning.length).toBeGreaterThan(10);
  }
});

test("a generator that only reconstructs has no keypoints among its inputs, and its steps say so", () => {
  const params = paramsOf("monkey_tiny");
  const generator_params = { ...params.generator_params, dense_motion_params: null, kp_embedding_params: null };
  const { architecture, weights } = opened("monkey-net", { ...params, generator_params });
  const { description } = exportModel(architecture, weights, { size, alignCorners: true });
  const frame = description.graphs.find(({ file }) => file === "frame.onnx")!;
  expect(frame.inputs.map(({ name }) => name)).toEqual(["image", "level1", "level2", "level3", "level4"]);
  expect(description.steps).toEqual([
    "Run source.onnx on the source.",
    "Run frame.onnx on the source as image, and on what source.onnx gave.",
  ]);
});

test("a size that does not fit is refused before graphs are written", () => {
  const { architecture, weights } = opened("fomm", paramsOf("fomm_tiny"));
  const options = { size: { height: 64, width: 65 }, alignCorners: true };
  expect(() => exportModel(architecture, weights, options)).toThrow("the width must be a multiple of 32");
});
