import { expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { parseConfig } from "./parse-config.ts";

// The keys of the official files, the numbers are our own.
const fomm = `
dataset_params:
  root_dir: data/puppets
  frame_shape: [64, 48, 3]
  id_sampling: False
model_params:
  common_params:
    num_kp: 10
    num_channels: 3
    estimate_jacobian: True
  kp_detector_params:
     temperature: 0.1
     block_expansion: 32
  generator_params:
    num_down_blocks: 2
    estimate_occlusion_map: True
    dense_motion_params:
      kp_variance: 0.02
train_params:
  lr_generator: 2.0e-4
  epoch_milestones: []
animate_params:
  normalization_params:
    use_relative_movement: True
`;

const monkeyNet = `
dataset_params:
  image_shape: [128, 128, 3]
model_params:
  common_params:
    num_kp: 10
    kp_variance: 'matrix'
  kp_detector_params:
    clip_variance: 0.001
  generator_params:
    kp_embedding_params: {scale_factor: 0.5, norm_const: 'sum'}
transfer_params:
  num_pairs: 100
reconstruction_params:
  num_videos: null
`;

test("a FOMM configuration is recognised and kept as it is", () => {
  expect(parseConfig(fomm)).toEqual({
    family: "fomm",
    frameShape: [64, 48, 3],
    modelParams: {
      common_params: { num_kp: 10, num_channels: 3, estimate_jacobian: true },
      kp_detector_params: { temperature: 0.1, block_expansion: 32 },
      generator_params: {
        num_down_blocks: 2,
        estimate_occlusion_map: true,
        dense_motion_params: { kp_variance: 0.02 },
      },
    },
    datasetParams: { root_dir: "data/puppets", frame_shape: [64, 48, 3], id_sampling: false },
    trainParams: { lr_generator: 2e-4, epoch_milestones: [] },
    animateParams: { normalization_params: { use_relative_movement: true } },
  });
});

test("a Monkey-Net configuration is recognised, with the older name of the frame shape", () => {
  expect(parseConfig(monkeyNet)).toMatchObject({
    family: "monkey-net",
    frameShape: [128, 128, 3],
    modelParams: { generator_params: { kp_embedding_params: { scale_factor: 0.5, norm_const: "sum" } } },
    transferParams: { num_pairs: 100 },
  });
});

test("anchors and merge keys are resolved, into copies", () => {
  const { modelParams } = parseConfig(`
base: &base {block_expansion: 32, max_features: 512}
model_params:
  common_params: {estimate_jacobian: yes}
  kp_detector_params:
    <<: *base
    max_features: 1024
  generator_params: *base
`);
  expect(modelParams).toEqual({
    common_params: { estimate_jacobian: true },
    kp_detector_params: { block_expansion: 32, max_features: 1024 },
    generator_params: { block_expansion: 32, max_features: 512 },
  });
});

const valid = "model_params: {kp_detector_params: {a: 1}, generator_params: {num_down_blocks: 2}}\n";

test("an empty section counts as absent", () => {
  expect(parseConfig(`${valid}dataset_params:\nanimate_params: null\n`)).toEqual({
    family: "fomm",
    modelParams: { kp_detector_params: { a: 1 }, generator_params: { num_down_blocks: 2 } },
  });
});

test.each([
  { what: "nothing", text: "", says: 'wanted a map with the key "model_params", got null.' },
  { what: "a list", text: "- 1\n- 2\n", says: 'wanted a map with the key "model_params", got [1,2].' },
  { what: "no model", text: "a: 1\nb: 2\n", says: 'the key "model_params" is missing; got a, b.' },
  { what: "a model that is a number", text: "model_params: 5", says: '"model_params" must be a map, got 5.' },
  {
    what: "no detector",
    text: "model_params: {generator_params: {a: 1}}",
    says: 'the key "model_params.kp_detector_params" is missing.',
  },
  {
    what: "a detector that is a list",
    text: "model_params: {kp_detector_params: [1]}",
    says: '"model_params.kp_detector_params" must be a map, got [1].',
  },
  {
    what: "no family",
    text: "model_params: {kp_detector_params: {a: 1}, generator_params: {b: 2}}",
    says: '"model_params" must have "common_params.estimate_jacobian" (FOMM) or "common_params.kp_variance" (Monkey-Net), got neither.',
  },
  {
    what: "both families",
    text: "model_params: {common_params: {estimate_jacobian: true, kp_variance: matrix}, kp_detector_params: {a: 1}, generator_params: {b: 2}}",
    says: '"model_params.common_params.estimate_jacobian" belongs to FOMM and "model_params.common_params.kp_variance" to Monkey-Net; wanted one of the two systems.',
  },
  {
    what: "a shape of two numbers",
    text: `${valid}dataset_params: {frame_shape: [64, 64]}`,
    says: '"dataset_params.frame_shape" must be [height, width, channels] in pixels, got [64,64].',
  },
  {
    what: "a shape in words",
    text: `${valid}dataset_params: {image_shape: big}`,
    says: '"dataset_params.image_shape" must be [height, width, channels] in pixels, got "big".',
  },
  {
    what: "tabs",
    text: "model_params:\n\tcommon_params: 1\n",
    says: "Tabs are not allowed as indentation at line 2, column 1.",
  },
  { what: "a key twice", text: `${valid}${valid}`, says: "Map keys must be unique at line 2, column 1." },
  {
    what: "a Python object",
    text: "model_params: !!python/object/apply:os.system ['id']",
    says: "Unresolved tag: tag:yaml.org,2002:python/object/apply:os.system",
  },
  { what: "a tag of its own", text: "model_params: !mine 5", says: "Unresolved tag: !mine" },
  { what: "binary data", text: "model_params: !!binary aGk=", says: "Unresolved tag: tag:yaml.org,2002:binary" },
  {
    what: "infinity",
    text: "model_params: {a: .inf}",
    says: '"model_params.a" must be a finite number, a string, a list or a map, got Infinity.',
  },
  {
    what: "a prototype",
    text: "model_params: {__proto__: {a: 1}}",
    says: '"model_params.__proto__" cannot be a key. Remove it.',
  },
  {
    what: "an alias inside itself",
    text: "model_params: &a {a: *a}",
    says: "wanted at most 100000 values, 32 deep, got more at model_params.a.a",
  },
  { what: "an alias to nothing", text: "model_params: *nothing", says: "nothing" },
  { what: "a web page", text: "<!DOCTYPE html>\n<html>\n", says: 'wanted a map with the key "model_params"' },
])("$what is refused", async ({ text, says }) => {
  const message = await refusal(() => parseConfig(text, "vox.yaml"));
  expect(message).toMatch(/^MODEL vox\.yaml: /);
  expect(message).toContain(says);
});

const laughs = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghi".split("").map((name, i) => `${name}: &${name} [${new Array(9).fill(`*${"abcdefgh"[i]}`)}]`),
].join("\n");

// Each of these took seconds, or ended the process, before there were limits.
test.each([
  { what: "a billion laughs", text: laughs, says: "Excessive alias count" },
  {
    what: "200 000 aliases",
    text: `a: &a 1\nb: [${"*a,".repeat(200_000)}]`,
    says: "wanted a configuration of at most 20000 words and signs",
  },
  {
    what: "80 000 keys",
    text: Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join("\n"),
    says: "wanted a configuration of at most 20000 words and signs",
  },
  { what: "300 000 brackets", text: "[".repeat(300_000), says: "wanted at most 64 levels of nesting, got more." },
  {
    what: "400 000 lists in lists",
    text: "- ".repeat(400_000),
    says: "wanted at most 64 levels of nesting, got more.",
  },
  { what: "400 000 keys of keys", text: "? ".repeat(400_000), says: "wanted at most 64 levels of nesting, got more." },
  {
    what: "a thousand indents",
    text: Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
    says: "wanted at most 64 levels of nesting, got more.",
  },
  // The yaml parser's own pointing at errors looks for line ends in a time that is quadratic, for every error.
  {
    what: "carriage returns before an error",
    text: `a: "${"\r".repeat(500_000)}x" b`,
    says: "at line 1, column 500008.",
  },
  {
    what: "thousands of errors in one long line",
    text: `a: [${"{b} }".repeat(1_000)}"${"x".repeat(500_000)}"`,
    says: "at line 1, column",
  },
  {
    what: "more than a megabyte",
    text: "a".repeat(2 ** 20 + 1),
    says: "wanted a configuration of at most 1048576 characters, got 1048577.",
  },
])("$what are refused, quickly", async ({ text, says }) => {
  const started = performance.now();
  expect(await refusal(() => parseConfig(text, "vox.yaml"))).toContain(says);
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each([
  {
    what: "a scalar in the wrong place",
    text: `a: {b: 1} "${"\u009b2Jx".repeat(5000)}"\n  : ${"\u009b2Jx".repeat(5000)}`,
  },
  { what: "a key with a value that is none", text: `{"\\e${"k".repeat(900)}": .inf}` },
  { what: "a long key with a value that is none", text: `? "\\e${"k".repeat(3000)}"\n: .inf` },
  { what: "other keys than the one wanted", text: `? "\\e${"k".repeat(3000)}"\n: 1` },
  { what: "an alias", text: `a: *${"\u202ek".repeat(3000)}` },
  { what: "a tag", text: `a: !${"k".repeat(3000)} 1` },
])("the message about $what is short, and prints nothing but text", async ({ text }) => {
  const message = await refusal(() => parseConfig(text, "vox.yaml"));
  expect(message).toMatch(/^MODEL vox\.yaml: /);
  expect(message.length).toBeLessThan(1200);
  expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});
