import { tensor } from "@bunraku/backends";
import { bytesSource, parseConfig, writeSafetensors } from "@bunraku/checkpoints";
import { expect, test } from "vitest";
import { stateDictTable } from "../../../../fixtures/state-dict-table.ts";
import { writeCheckpoint } from "../../../../fixtures/write-checkpoint.ts";
import { openCheckpoint } from "../bundle/checkpoint-bundle.ts";
import { encodeBundle } from "../bundle/encode-bundle.ts";
import { architectureOf } from "../models/architecture.ts";
import { tinyBundle, tinyParams } from "../testing/tiny-model.ts";
import { inspectCheckpoint } from "./inspect-checkpoint.ts";

const count = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);

const tiny = () => stateDictTable("fomm_tiny");
const source = (bytes: Uint8Array, name = "tiny.pth.tar") => bytesSource(bytes, name);

test("a checkpoint that no official configuration fits is read off its tensors", async () => {
  const found = await inspectCheckpoint(source(writeCheckpoint(tiny())));
  expect(found).toMatchObject({
    container: "legacy",
    topLevel: ["generator", "kp_detector", "optimizer_generator", "epoch"],
    scalars: { epoch: 99 },
    configs: { family: "fomm", fits: [], inferred: tinyParams },
    comparison: { config: { from: "inferred" }, loads: true, otherKernels: [] },
    nonFinite: undefined,
    alignCorners: { use: true },
    frameSizes: { step: 32, least: 32, examples: [32, 64, 96, 128] },
  });
  expect(found.notes).toEqual([
    "No official configuration has these tensors. Its parameters can be read off them, but for " +
      "model_params.kp_detector_params.temperature 0.1, model_params.kp_detector_params.pad 0, " +
      "model_params.generator_params.dense_motion_params.kp_variance 0.01.",
    expect.stringMatching(/^Inference needs 0\.\d MB of its \d\.\d MB; the rest is for training\.$/),
    expect.stringContaining("Frames of 512 × 512 need a smaller scale_factor (0.125)"),
  ]);
  expect(JSON.parse(JSON.stringify(found))).toMatchObject({ configs: { inferred: tinyParams } });
});

test("what inference needs is counted in bytes of the file", async () => {
  const { specs } = architectureOf("fomm", tinyParams);
  const needed = [...specs.generator, ...specs.kp_detector].reduce((sum, { dims }) => sum + 4 * count(dims), 0);
  const { bytes, comparison } = await inspectCheckpoint(source(writeCheckpoint(tiny())));
  expect(comparison!.inferenceBytes).toBe(needed);
  expect(bytes).toBeGreaterThan(needed + 600_000);
});

test("a bundle's weights are inspected as they are", async () => {
  const { "weights.safetensors": bytes } = await encodeBundle(tinyBundle(), { dtype: "F16" });
  const found = await inspectCheckpoint(source(bytes, "weights.safetensors"));
  expect(found).toMatchObject({
    container: "safetensors",
    topLevel: ["kp_detector", "generator"],
    comparison: { config: { from: "inferred" }, loads: true },
    modules: [
      { name: "kp_detector", types: ["float16"] },
      { name: "generator", types: ["float16"] },
    ],
  });
  // Nothing shows the scale, once the kernels are gone.
  expect(found.configs.assumed.map(({ key }) => key)).toContain("model_params.kp_detector_params.scale_factor");
});

test("missing, unknown and differently shaped tensors are listed against the configuration given", async () => {
  const table = tiny();
  const generator = table
    .get("generator")!
    .filter(({ name }) => name !== "final.bias")
    .map((entry) => (entry.name === "first.conv.bias" ? { ...entry, dims: [9] } : entry));
  table.set("generator", [...generator, { name: "extra.weight", dims: [2], dtype: "float32" }]);
  const config = { family: "fomm" as const, modelParams: tinyParams as never };
  const { comparison } = await inspectCheckpoint(source(writeCheckpoint(table)), { config });
  expect(comparison).toMatchObject({
    config: { from: "given" },
    loads: false,
    differences: {
      generator: {
        missing: [{ name: "final.bias", dims: [3] }],
        extra: [{ name: "extra.weight", dims: [2] }],
        otherDims: [{ name: "first.conv.bias", wanted: [8], got: [9] }],
      },
      kp_detector: { missing: [], extra: [], otherDims: [] },
    },
  });
});

test("a kernel down.weight of another scale is reported, and the checkpoint loads with the configuration's", async () => {
  const bytes = writeCheckpoint(tiny());
  const eighth = JSON.parse(JSON.stringify(tinyParams)) as Record<string, Record<string, Record<string, unknown>>>;
  eighth.kp_detector_params!.scale_factor = 0.125 as never;
  eighth.generator_params!.dense_motion_params!.scale_factor = 0.125;
  const yaml = JSON.stringify({ model_params: eighth }); // json is yaml
  const { comparison, notes, frameSizes } = await inspectCheckpoint(source(bytes), { config: parseConfig(yaml) });
  expect(comparison).toMatchObject({
    loads: true,
    otherKernels: [
      { module: "generator", name: "dense_motion_network.down.weight", wanted: [3, 1, 29, 29], got: [3, 1, 13, 13] },
      { module: "kp_detector", name: "down.weight", wanted: [3, 1, 29, 29], got: [3, 1, 13, 13] },
    ],
  });
  expect(notes).toContain(
    "kp_detector: down.weight has 13 × 13 taps, and the configuration's scale_factor gives 29 × 29. " +
      "The kernel is computed from the configuration; the one in the file is not used.",
  );
  expect(frameSizes).toMatchObject({ step: 64, least: 64 });
  const weights = await (await openCheckpoint(source(bytes), yaml)).loadWeights();
  expect(weights.kp_detector.has("down.weight")).toBe(false);
});

test("weights that are not finite are found when asked for", async () => {
  const bytes = writeCheckpoint(new Map([["kp_detector", [{ name: "kp.weight", dims: [2, 2] }]]]), {
    value: Number.NaN,
  });
  expect((await inspectCheckpoint(source(bytes))).nonFinite).toBeUndefined();
  const { nonFinite, notes } = await inspectCheckpoint(source(bytes), { checkFinite: true });
  expect(nonFinite).toEqual([{ module: "kp_detector", name: "kp.weight", count: 4 }]);
  expect(notes).toContain(
    "kp_detector.kp.weight hold numbers that are not finite: the training that wrote them broke down.",
  );
  const whole = await inspectCheckpoint(source(writeCheckpoint(tiny())), { checkFinite: true });
  expect(whole.nonFinite).toEqual([]);
});

test("a file of another system has no comparison, and says so", async () => {
  const bytes = writeSafetensors([{ name: "unet.weight", tensor: tensor("float32", Float32Array.of(1), [1]) }]);
  expect(await inspectCheckpoint(source(bytes))).toMatchObject({
    configs: { family: undefined, fits: [] },
    comparison: undefined,
    alignCorners: undefined,
    frameSizes: undefined,
    notes: ["Its tensors are those of neither a first-order model nor a Monkey-Net."],
  });
});

test("a checkpoint with one network only says what it lacks", async () => {
  const table = tiny();
  table.delete("generator");
  const { notes, comparison } = await inspectCheckpoint(source(writeCheckpoint(table)));
  expect(notes[0]).toBe("It has no generator; a model needs both.");
  expect(comparison!.loads).toBe(false);
});

test("an abort is thrown as it is", async () => {
  const signal = AbortSignal.abort(new Error("stop"));
  await expect(inspectCheckpoint(source(writeCheckpoint(tiny())), { signal })).rejects.toThrow("stop");
});
