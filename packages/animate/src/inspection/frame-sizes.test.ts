import { officialConfig } from "@bunraku/checkpoints";
import { expect, test } from "vitest";
import { inspectedArchitecture } from "./architectures.ts";
import { frameSizesOf } from "./frame-sizes.ts";

test("vox-256 takes sides that are multiples of 128", () => {
  expect(frameSizesOf(inspectedArchitecture("fomm", officialConfig("vox-256").modelParams))).toEqual({
    multipleOf: 128,
    least: 128,
    examples: [128, 256, 384, 512],
  });
});

test("an architecture that needs frames of more than 8192 pixels has no frame sizes", () => {
  const { modelParams } = officialConfig("vox-256");
  const detector = { ...(modelParams.kp_detector_params as object), scale_factor: 0.001 };
  expect(frameSizesOf(inspectedArchitecture("fomm", { ...modelParams, kp_detector_params: detector }))).toBeUndefined();
});
